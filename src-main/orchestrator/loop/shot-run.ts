/**
 * One phase of one shot on its way through the stations. A run steers its phase as long as nobody else moves it; what it
 * has paid for it finishes in any case.
 */
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import { type Assembled, assemble } from '../stations/assemble.ts';
import { audit } from '../stations/audit.ts';
import { type BindOrder, type Bound, bind } from '../stations/bind.ts';
import { movePhase, type PhaseAddress } from '../stations/move-phase.ts';
import type { StationDeps } from '../stations/station-deps.ts';

/** A queued phase, or one whose retry is due: bind, assemble, audit. */
export async function runPhase(deps: StationDeps, order: BindOrder): Promise<void> {
  const bound = await bind(deps, order);
  if (bound) await runAttempt(deps, bound);
}

/** From an attempt that is recorded. */
export async function runAttempt(deps: StationDeps, bound: Bound): Promise<void> {
  const assembled = await assemble(deps, bound);
  if (assembled) await audit(deps, assembled);
}

/** A take whose audit was cut off. */
function runAudit(deps: StationDeps, assembled: Assembled): Promise<void> {
  return audit(deps, assembled);
}

/** What a phase that stands at a station without a run can go on with. */
export type Resumption =
  | { kind: 'attempt'; attempt: Attempt }
  | { kind: 'audit'; attempt: Attempt; takeId: string }
  | { kind: 'queue' };

/** Reads it from the ledger: the newest attempt of the phase and how far it came. */
function planResumption(attempts: readonly Attempt[], isMeasured: (takeId: string) => boolean): Resumption {
  const newest = attempts.at(-1);
  if (!newest) return { kind: 'queue' };
  switch (newest.state) {
    case 'submitting':
    case 'submitted':
    case 'downloaded':
    case 'in_doubt':
      return { kind: 'attempt', attempt: newest };
    case 'settled': {
      const takeId = newest.takeId;
      return takeId === null || isMeasured(takeId) ? { kind: 'queue' } : { kind: 'audit', attempt: newest, takeId };
    }
    case 'intent':
    case 'failed':
      return { kind: 'queue' };
  }
}

/** Puts a phase that was left at a station back to work: the run to start, or null when it went back to the queue. */
export function resumePhase(deps: StationDeps, shotId: string, phase: Phase): (() => Promise<void>) | null {
  const row = deps.store.shotPhase(shotId, phase);
  const at: PhaseAddress = { shotId, phase, series: row.series };
  const attempts = deps.store.attemptsOf(shotId, phase);
  const plan = planResumption(attempts, (takeId) => row.state !== 'auditing' && deps.store.gates(takeId).length > 0);
  const adapter = plan.kind === 'attempt' ? deps.providers.get(plan.attempt.request.provider) : undefined;
  if (plan.kind === 'attempt' && row.state === 'assembling' && adapter) {
    return () => runAttempt(deps, { at, attempt: plan.attempt, adapter });
  }
  const take = plan.kind === 'audit' ? deps.store.take(plan.takeId) : null;
  if (plan.kind === 'audit' && take && row.state !== 'binding') {
    if (row.state === 'assembling') {
      movePhase(deps.store, at, { from: 'assembling', to: 'auditing', cause: 'take-arrived' });
    }
    return () => runAudit(deps, { at, attempt: plan.attempt, take });
  }
  movePhase(deps.store, at, { from: row.state, to: 'queued', cause: 'interrupted', patch: { reason: null } });
  return null;
}
