import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { isAttemptOver } from '../../../src-shared/domain/attempt.ts';
import { AppError } from '../../platform/app-error.ts';
import type { OrchestratorDeps } from '../orchestrator-deps.ts';
import { canCallOff, isOut, wantCallOff } from './call-off.ts';

export interface CallOffOrder {
  attemptId: string;
  /** who calls it off */
  person: string;
}

/**
 * A person calls one job off: its provider is asked with the next poll, and what it then says settles the attempt. Refused where
 * nothing can be had back; saying it again changes nothing.
 */
export function callOffAttempt(deps: Pick<OrchestratorDeps, 'store' | 'providers'>, order: CallOffOrder): Attempt {
  const { store } = deps;
  return store.inTransaction(() => {
    const attempt = store.attempt(order.attemptId);
    if (!attempt) {
      throw new AppError({ code: 'attempt.not-found', message: `There is no attempt ${order.attemptId}.` });
    }
    refuseWhatIsNotOut(attempt);
    if (!canCallOff(deps, attempt)) throw takesNothingBack(attempt);
    wantCallOff(deps, attempt, order.person);
    return attempt;
  });
}

function refuseWhatIsNotOut(attempt: Attempt): void {
  if (attempt.state === 'in_doubt') {
    throw new AppError({
      code: 'state.illegal-move',
      message: 'This attempt is in doubt: nobody knows whether there is a job to call off.',
      hint: 'Say what became of it under “In doubt”.',
    });
  }
  if (isOut(attempt)) return;
  const message = isAttemptOver(attempt.state) ? 'This attempt is over.' : 'No engine has this attempt now.';
  throw new AppError({ code: 'state.stale', message, hint: 'Look at it again.' });
}

function takesNothingBack({ request }: Attempt): AppError {
  return new AppError({
    code: 'state.illegal-move',
    message: `${request.provider} takes no job back for nothing: this one is paid for.`,
    hint: 'It is fetched as soon as it is done.',
  });
}
