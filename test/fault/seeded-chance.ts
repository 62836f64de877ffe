import { randomInt } from 'node:crypto';

/** Chance that can be had again: the seed is in the name of the test and in CIRCLETAKE_FAULT_SEED. */
export interface Chance {
  readonly seed: number;
  /** a whole number from 0, below `limit` */
  below(limit: number): number;
  oneOf<T>(choices: readonly T[]): T;
}

/** The seed that the environment names, else a new one. */
export function faultSeed(): number {
  const given = process.env.CIRCLETAKE_FAULT_SEED;
  return given === undefined ? randomInt(2 ** 31) : Number(given);
}

/** Mulberry32: the same numbers for the same seed on every machine. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    seed,
    below,
    oneOf(choices) {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new Error('nothing to choose from');
      return choice;
    },
  };
}
