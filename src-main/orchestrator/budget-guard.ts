/**
 * The only door to money: checks the three caps and records the intent in one transaction, so that no two reservations
 * can both take the last dollar. Only this file makes a ReservationToken, and without one nothing can be submitted.
 */
import { type Attempt, wasNoTry } from '../../src-shared/domain/attempt.ts';
import { committedMicroUsd, remainingMicroUsd, type Spend } from '../../src-shared/domain/batch.ts';
import { formatUsd, type MicroUsd } from '../../src-shared/domain/money.ts';
import type { ProjectDocuments } from './ports/project-files.ts';
import type { ReservationToken } from './ports/provider.ts';
import type { NewAttempt, ProductionStore } from './ports/store.ts';

/** Which limit refused: an unknown price, or one of the caps. */
export type BudgetLimit = 'price' | 'batch' | 'project' | 'retry';

export interface BudgetRefusal {
  limit: BudgetLimit;
  reason: string;
}

export interface BudgetQuestion {
  /** null = the price is not known */
  costMicroUsd: MicroUsd | null;
  batch: Spend | null;
  project: Spend;
  /** null for the first attempt of a phase */
  retry: { spentMicroUsd: MicroUsd; capMicroUsd: MicroUsd } | null;
}

/** Why an amount may not be reserved; null when it may. Money in doubt counts as spent. */
export function budgetRefusal(question: BudgetQuestion): BudgetRefusal | null {
  const { costMicroUsd: cost, batch, project, retry } = question;
  if (cost === null) {
    return { limit: 'price', reason: 'The price of this request is not known, so nothing is submitted.' };
  }
  if (retry && retry.spentMicroUsd + cost > retry.capMicroUsd) {
    const used = `${formatUsd(retry.spentMicroUsd)} of ${formatUsd(retry.capMicroUsd)}`;
    return {
      limit: 'retry',
      reason: `Repeats of this shot have used ${used}; this one costs ${formatUsd(cost)}.`,
    };
  }
  if (batch && cost > remainingMicroUsd(batch)) return { limit: 'batch', reason: capReason('batch', batch, cost) };
  if (cost > remainingMicroUsd(project)) return { limit: 'project', reason: capReason('project', project, cost) };
  return null;
}

export type Reservation =
  | { kind: 'reserved'; attempt: Attempt; token: ReservationToken }
  | { kind: 'refused'; refusal: BudgetRefusal };

/** For what money would move. */
export type BudgetParty = Pick<NewAttempt, 'batchId' | 'shotId' | 'phase' | 'series'>;

export interface BudgetGuard {
  /** Why an amount could not be reserved now; null when it could. Reserves nothing. */
  refusalOf(party: BudgetParty, costMicroUsd: MicroUsd | null): BudgetRefusal | null;
  /** Checks and reserves in one transaction; `also` runs in it too, after the intent is recorded. */
  reserve(attempt: NewAttempt, costMicroUsd: MicroUsd | null, also: (attempt: Attempt) => void): Reservation;
  /** The token of an intent whose reservation is held since before. */
  tokenOf(attempt: Attempt): ReservationToken;
  /** the project's money against the ceiling that is in force now */
  projectSpend(): Spend;
  /** What batch and project can still reserve. */
  remaining(batchId: string): MicroUsd;
}

/** The guard of one project. */
export function createBudgetGuard(store: ProductionStore, documents: () => ProjectDocuments): BudgetGuard {
  const projectSpend = (): Spend => ({
    ...store.projectSpend(),
    capMicroUsd: documents().project.caps.project_micro_usd,
  });
  // a take that the director asked for begins a series and is no repeat of the machine's
  const retryOf = ({ shotId, phase, series }: BudgetParty): BudgetQuestion['retry'] => {
    const isRepeat = store.attemptsOf(shotId, phase).some((attempt) => attempt.series === series && !wasNoTry(attempt));
    if (!isRepeat) return null;
    return { spentMicroUsd: store.retrySpend(shotId), capMicroUsd: documents().project.caps.retry_micro_usd_per_shot };
  };
  const refusalOf = (party: BudgetParty, costMicroUsd: MicroUsd | null) => {
    const batch = party.batchId === null ? null : store.batchSpend(party.batchId);
    return budgetRefusal({ costMicroUsd, batch, project: projectSpend(), retry: retryOf(party) });
  };
  const tokenOf = (attempt: Attempt): ReservationToken => {
    if (attempt.state !== 'intent') throw new Error(`Attempt ${attempt.id} holds no unspent reservation`);
    return { attemptId: attempt.id, amountMicroUsd: attempt.reservedMicroUsd } as ReservationToken;
  };
  return {
    refusalOf,
    reserve: (attempt, costMicroUsd, also) =>
      store.inTransaction(() => {
        const refusal = refusalOf(attempt, costMicroUsd);
        if (refusal || costMicroUsd === null) {
          return { kind: 'refused', refusal: refusal ?? { limit: 'price', reason: 'The price is not known.' } };
        }
        const recorded = store.recordIntent({ ...attempt, reservedMicroUsd: costMicroUsd });
        also(recorded);
        return { kind: 'reserved', attempt: recorded, token: tokenOf(recorded) };
      }),
    tokenOf,
    projectSpend,
    remaining: (batchId) => Math.min(remainingMicroUsd(store.batchSpend(batchId)), remainingMicroUsd(projectSpend())),
  };
}

function capReason(what: 'batch' | 'project', spend: Spend, cost: MicroUsd): string {
  const held = spend.inDoubtMicroUsd > 0 ? `, ${formatUsd(spend.inDoubtMicroUsd)} of it in doubt` : '';
  const used = `${formatUsd(committedMicroUsd(spend))} of the ${what}'s ${formatUsd(spend.capMicroUsd)} is bound${held}`;
  return `${used}; this take costs ${formatUsd(cost)}.`;
}
