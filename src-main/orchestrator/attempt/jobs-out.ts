import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { callOffOf } from '../../../src-shared/domain/call-off.ts';
import type { JobOut } from '../../../src-shared/domain/job-out.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import { canCallOff, isOut } from './call-off.ts';

/** Where providers saw their jobs at the last poll of this run of the app, and when (epoch milliseconds). */
export type JobPlaces = Map<string, { place: JobOut['place']; atMs: number }>;

type JobsDeps = Pick<OrchestratorDeps, 'store' | 'providers'> & { places: JobPlaces };

/** Jobs of a batch, or of the whole project, that providers have; orders that a person makes are none. */
export function listJobsOut(deps: JobsDeps, batchId: string | null): JobOut[] {
  return deps.store
    .openAttempts()
    .filter((attempt) => batchId === null || attempt.batchId === batchId)
    .flatMap((attempt) => jobOutOf(deps, attempt) ?? []);
}

/** What is told of the job of one attempt; null when no provider has it. */
export function jobOutOf(deps: JobsDeps, attempt: Attempt): JobOut | null {
  const adapter = deps.providers.get(attempt.request.provider);
  if (!isOut(attempt) || adapter?.deliver) return null;
  const { id, shotId, phase, reservedMicroUsd, state } = attempt;
  const seen = deps.places.get(id);
  const ttlMs = adapter?.capabilities.resultTtlMs ?? null;
  const notDoneBeforeMs = seen?.atMs ?? Date.parse(attempt.updatedAt);
  return {
    ...{ attemptId: id, shotId, phase, provider: attempt.request.provider, heldMicroUsd: reservedMicroUsd },
    ...{ place: seen?.place ?? null, inDoubt: state === 'in_doubt', callOff: callOffState(deps, attempt) },
    keptUntil: ttlMs === null ? null : new Date(notDoneBeforeMs + ttlMs).toISOString(),
  };
}

function callOffState(deps: JobsDeps, attempt: Attempt): JobOut['callOff'] {
  const state = callOffOf(deps.store.stepsOf(attempt.id));
  if (state === 'wanted' || state === 'asked') return state;
  const frees = deps.providers.get(attempt.request.provider)?.capabilities.freeCancel;
  const hasBegun = frees === 'queued' && deps.places.get(attempt.id)?.place === 'running';
  return canCallOff(deps, attempt) && !hasBegun ? 'can' : 'paid';
}
