import type { Batch } from './batch.ts';
import type { LineState } from './journal.ts';
import { phases } from './phase.ts';
import { isInFlight } from './production-state.ts';
import type { Shot } from './shot.ts';

/** What the line is doing, from its batches and shots. */
export function lineStateOf(batches: readonly Batch[], shots: readonly Shot[]): LineState {
  if (batches.some((batch) => batch.status === 'running')) return 'active';
  if (shots.some((shot) => phases.some((phase) => isInFlight(shot.phases[phase].state)))) return 'active';
  if (batches.some((batch) => batch.status === 'paused' || batch.status === 'budget_exhausted')) return 'stopped';
  const isSettled = (shot: Shot) => phases.every((phase) => shot.phases[phase].state === 'stabilized');
  return shots.length > 0 && shots.every(isSettled) ? 'complete' : 'idle';
}
