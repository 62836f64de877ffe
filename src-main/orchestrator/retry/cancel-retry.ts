import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import { AppError } from '../../platform/app-error.ts';
import { dropIntent } from '../attempt/open-attempt.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';

export interface CancelRetryOrder {
  shotId: string;
  phase: Phase;
  /** who ends the wait */
  person: string;
}

/**
 * Ends the wait for another try: the phase awaits the operator, with the reason that it had. Refused while a provider has, or
 * may have, a job of it: that one is bound and goes on.
 */
export function cancelRetry(deps: Pick<OrchestratorDeps, 'store'>, order: CancelRetryOrder): ShotPhase {
  const { store } = deps;
  return store.inTransaction(() => {
    const row = store.shotPhase(order.shotId, order.phase);
    if (row.state !== 'remediating') throw notWaiting();
    for (const attempt of store.attemptsOf(order.shotId, order.phase)) {
      if (attempt.series !== row.series || attempt.state === 'settled' || attempt.state === 'failed') continue;
      if (attempt.state !== 'intent') throw jobIsOut(attempt.state === 'in_doubt');
      dropIntent(deps, attempt, 'A person ended the wait before it was sent.');
    }
    const reason = [`${order.person} ended the wait for another try.`, row.reason].filter(Boolean).join(' ');
    return store.transition({
      ...{ shotId: order.shotId, phase: order.phase, to: 'awaiting_operator', cause: 'interrupted' },
      ...{ expectedVersion: row.version, patch: { reason, retryAt: null } },
    });
  });
}

function notWaiting(): AppError {
  return new AppError({
    code: 'state.stale',
    message: 'This shot does not wait for another try any more.',
    hint: 'Look at it again.',
  });
}

function jobIsOut(inDoubt: boolean): AppError {
  return new AppError({
    code: 'state.illegal-move',
    message: inDoubt
      ? 'This attempt is in doubt: nothing would be sent.'
      : 'The engine has this job, and its money is bound.',
    hint: inDoubt ? 'Say what became of it under “In doubt”.' : 'It is fetched as soon as the engine answers.',
  });
}
