/**
 * Calls off jobs that are out and that nobody wants any more, where their provider charges nothing for it. A person's wish is a
 * step of the attempt, so that it outlives the app; the provider is asked once for it, by the run that follows the job, between
 * two polls. Nothing ends here and no money moves: what the provider then says of the job settles it, as for any other.
 */
import { type Attempt, type AttemptFailure, isAttemptOver } from '../../../src-shared/domain/attempt.ts';
import { callOffOf } from '../../../src-shared/domain/call-off.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import type { ProviderJob } from '../ports/provider.ts';
import type { ProductionStore } from '../ports/store.ts';
import { type AskOrder, askProvider } from './ask-provider.ts';

type CallOffDeps = Pick<OrchestratorDeps, 'store' | 'providers'>;

/** Whether a provider has, or may have, the job of an attempt and is still to finish it. */
export function isOut({ state }: Pick<Attempt, 'state'>): boolean {
  return state !== 'intent' && state !== 'downloaded' && !isAttemptOver(state);
}

/** Whether the job of an attempt can be called off for nothing. Orders that a person makes are theirs. */
export function canCallOff({ providers }: Pick<CallOffDeps, 'providers'>, { request }: Attempt): boolean {
  const adapter = providers.get(request.provider);
  return adapter !== undefined && adapter.cancel !== undefined && adapter.deliver === undefined;
}

/** Writes down that a person wants a job called off; once, and only where it costs nothing. False when nothing was written. */
export function wantCallOff(deps: CallOffDeps, attempt: Attempt, person: string | null): boolean {
  const state = callOffOf(deps.store.stepsOf(attempt.id));
  if (!isOut(attempt) || !canCallOff(deps, attempt) || state === 'wanted' || state === 'asked') return false;
  deps.store.recordStep({ attemptId: attempt.id, kind: 'cancel_wanted', by: person, note: null });
  return true;
}

/** Asks the provider to drop a job that a person called off, or that a decision has overtaken, if it was not asked yet. */
export async function callOffUnwanted(
  store: ProductionStore,
  order: AskOrder & { attempt: Attempt },
  job: ProviderJob,
): Promise<void> {
  const { attempt, adapter, signal } = order;
  if (!adapter.cancel || adapter.deliver || !isUnwanted(store, attempt)) return;
  const cancel = adapter.cancel.bind(adapter);
  const answer = await askProvider(order, () => cancel(job, signal));
  const note = answer.kind === 'asked' ? null : answer.kind === 'trouble' ? answer.failure.message : answer.message;
  const kind = answer.kind === 'asked' ? 'cancel_asked' : 'cancel_refused';
  store.recordStep({ attemptId: attempt.id, kind, by: null, note });
}

function isUnwanted(store: ProductionStore, { id, shotId, phase, series }: Attempt): boolean {
  const state = callOffOf(store.stepsOf(id));
  if (state !== null) return state === 'wanted';
  return store.shotPhase(shotId, phase).series !== series;
}

/**
 * How a job that ended at its provider is told. "Cancelled" is our own word: what we called off and was not charged for counts
 * nowhere. Any other end was a try, and may have been billed, whoever cancelled it there.
 */
export function tellJobsEnd(
  store: Pick<ProductionStore, 'stepsOf'>,
  attempt: Attempt,
  end: { failure: AttemptFailure; billedMicroUsd: MicroUsd },
): AttemptFailure {
  const { failure } = end;
  const isOurs = end.billedMicroUsd === 0 && callOffOf(store.stepsOf(attempt.id)) === 'asked';
  if (isOurs) return { ...failure, category: 'permanent', detail: 'cancelled', message: 'It was called off.' };
  return failure.detail === 'cancelled' ? { ...failure, detail: 'server' } : failure;
}

/** Who called an attempt off, whatever came of it; null when no person did. */
export function calledOffBy(store: Pick<ProductionStore, 'stepsOf'>, attemptId: string): string | null {
  return store.stepsOf(attemptId).findLast(({ kind }) => kind === 'cancel_wanted')?.by ?? null;
}
