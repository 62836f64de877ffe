/**
 * How much a fault suite does. `npm test` runs the CI size; `npm run faults:long` the long one (CIRCLETAKE_FAULT_LONG=1).
 * CIRCLETAKE_FAULT_<ROW> names a size of one's own. Each suite says in one line what it did.
 */
import { appendFileSync } from 'node:fs';

export const isLongRun = process.env.CIRCLETAKE_FAULT_LONG === '1';

/** The size of one row of the fault table. */
export function faultSize(row: string, sizes: { ci: number; long: number }): number {
  const given = process.env[`CIRCLETAKE_FAULT_${row}`];
  return given === undefined ? (isLongRun ? sizes.long : sizes.ci) : Number(given);
}

/** A limit in time that a hanging suite runs into and a long one does not. */
export const suiteTimeoutMs = isLongRun ? 12 * 3_600_000 : 1_500_000;

/** Says what a suite did: on the terminal, and in the file that CIRCLETAKE_FAULT_REPORT names. */
export function report(row: string, text: string): void {
  const line = `${row}  ${text}`;
  console.log(line);
  const file = process.env.CIRCLETAKE_FAULT_REPORT;
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
