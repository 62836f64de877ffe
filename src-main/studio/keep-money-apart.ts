/**
 * Play money and real money never share a ledger, and a job is never asked about where it was not sent: a rehearsal in which
 * anything moved stays one, and so does a production, whatever is written into project.json later.
 */
import type { ProjectStore } from '../orchestrator/ports/project-store.ts';
import { AppError } from '../platform/app-error.ts';

type Store = Pick<ProjectStore, 'money' | 'markMoney' | 'projectSpend' | 'openAttempts'>;

/** Jobs of these are on this machine either way, and cost nothing. */
const atHome: readonly string[] = ['embedded', 'manual'];

/** Notes whose money the project's is. Throws project.invalid when that was another's and has moved already. */
export function keepMoneyApart(store: Store, isRehearsal: boolean): void {
  const kind = isRehearsal ? 'play' : 'real';
  const before = store.money();
  if (before === kind) return;
  if (before !== null && hasMoved(store)) throw isRehearsal ? wasReal() : wasRehearsal();
  store.markMoney(kind);
}

function hasMoved(store: Store): boolean {
  const { settledMicroUsd, reservedMicroUsd, inDoubtMicroUsd } = store.projectSpend();
  const isOut = store.openAttempts().some(({ request }) => !atHome.includes(request.provider));
  return isOut || settledMicroUsd + reservedMicroUsd + inDoubtMicroUsd > 0;
}

function wasRehearsal(): AppError {
  return new AppError({
    code: 'project.invalid',
    message:
      'This project is a rehearsal, with jobs or spending of its simulator, and project.json does not say so any more.',
    hint: 'Put "rehearsal": true back into project.json. To produce, open the project that was rehearsed.',
  });
}

function wasReal(): AppError {
  return new AppError({
    code: 'project.invalid',
    message: 'Real money was spent in this project, and project.json now says that it is a rehearsal.',
    hint: 'Take "rehearsal" out of project.json. The Start dialog rehearses in a copy.',
  });
}
