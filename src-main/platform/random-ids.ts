import { randomBytes, randomInt } from 'node:crypto';
import type { IdSource } from '../orchestrator/ports/ids.ts';

/** Ids and seeds from the system's random source. */
export const randomIds: IdSource = {
  newId: (prefix) => `${prefix}_${randomBytes(8).toString('hex')}`,
  shortHex: () => randomBytes(4).toString('hex'),
  randomSeed: () => randomInt(0, 0x7fff_ffff),
};
