import type { Batch } from './batch.ts';
import type { LineState } from './journal.ts';
import { isInFlight } from './production-state.ts';
import type { Shot } from './shot.ts';

/** What the line is doing, from its batches and shots. */
export function lineStateOf(batches: readonly Batch[], shots: readonly Shot[]): LineState {
  if (batches.some((batch) => batch.status === 'running')) return 'active';
  const rows = shots.flatMap((shot) => Object.values(shot.phases));
  if (rows.some((row) => isInFlight(row.state))) return 'active';
  if (batches.some((batch) => batch.status === 'paused' || batch.status === 'budget_exhausted')) return 'stopped';
  return rows.length > 0 && rows.every((row) => row.state === 'stabilized') ? 'complete' : 'idle';
}
