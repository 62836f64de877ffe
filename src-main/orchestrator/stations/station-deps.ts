import type { JobPlaces } from '../attempt/jobs-out.ts';
import type { BudgetGuard } from '../budget-guard.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';

/** What the stations of one run share. */
export interface StationDeps extends OrchestratorDeps {
  guard: BudgetGuard;
  places: JobPlaces;
  /** aborted when the project closes: polls, downloads and measurements end at once */
  signal: AbortSignal;
  /** aborted later than `signal`, so that a submit under way can still be written down */
  submitSignal: AbortSignal;
  /** A provider asked everybody to wait until then (epoch milliseconds). */
  coolDown(provider: string, untilMs: number): void;
  /** Whether the run of a shot began before its batch last went on: its trouble may be the one that was mended. */
  isStraggler(shotId: string): boolean;
}
