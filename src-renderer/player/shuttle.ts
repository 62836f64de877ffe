import type { Direction } from './player-types.ts';

/** What J, K and L have made of play. `speed` is a factor above 0; `playing` false means K or never started. */
export interface ShuttleState {
  playing: boolean;
  direction: Direction;
  speed: number;
}

const slowestSpeed = 0.1;
const fastestSpeed = 8;

/**
 * One press of J (-1), K (0) or L (1): J and L start at normal speed, double when pressed again in the same direction,
 * and turn round at normal speed; K stops.
 */
export function pressShuttle(state: ShuttleState, key: -1 | 0 | 1): ShuttleState {
  if (key === 0) return { ...state, playing: false, speed: 1 };
  if (!state.playing || state.direction !== key) return { playing: true, direction: key, speed: 1 };
  return { ...state, speed: Math.min(fastestSpeed, state.speed < 1 ? 1 : state.speed * 2) };
}

/** A speed the player offers: 0.1 to 8. */
export function clampSpeed(speed: number): number {
  if (!Number.isFinite(speed)) return 1;
  return Math.min(fastestSpeed, Math.max(slowestSpeed, Math.abs(speed)));
}
