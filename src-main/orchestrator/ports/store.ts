/**
 * What the services ask of the store. Every method is synchronous and durable when it returns; each change of state
 * writes its journal row in the same transaction. `inTransaction` groups calls: all happen or none.
 */
import type { Attempt, AttemptState } from '../../../src-shared/domain/attempt.ts';
import type { AttemptFact, AttemptStep, NewAttemptStep } from '../../../src-shared/domain/attempt-step.ts';
import type { Batch, BatchConfig, BatchStatus, Spend } from '../../../src-shared/domain/batch.ts';
import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { EventBody, JournalEvent, Problem } from '../../../src-shared/domain/journal.ts';
import type { PreparedMedia } from '../../../src-shared/domain/media.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { PlanFile } from '../../../src-shared/domain/plan.ts';
import type { ProductionState, TransitionCause } from '../../../src-shared/domain/production-state.ts';
import type { ProvenanceRecord } from '../../../src-shared/domain/provenance.ts';
import type { RefPromotion, SlotKey } from '../../../src-shared/domain/ref.ts';
import type { Review } from '../../../src-shared/domain/review.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Take, TakeReviewState } from '../../../src-shared/domain/take.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';

/** Fields of a phase that a move or an annotation may set beside the state. */
export type ShotPhasePatch = Partial<
  Pick<
    ShotPhase,
    | 'outcome'
    | 'reason'
    | 'approvedTakeId'
    | 'workflowId'
    | 'series'
    | 'attempts'
    | 'remediationCount'
    | 'remediationLimit'
    | 'retryAt'
  >
>;

/** One move of one phase. `expectedVersion` is the version the decision was made on: another one refuses the move. */
export interface Transition {
  shotId: string;
  phase: Phase;
  to: ProductionState;
  cause: TransitionCause;
  expectedVersion: number;
  patch?: ShotPhasePatch;
}

export interface ShotStore {
  /** Makes the plan's shots those of the episode: adds, reorders, marks changed and removed ones; started work is kept. */
  applyPlan(plan: PlanFile): { added: string[]; changed: string[]; removed: string[] };
  shot(shotId: string): Shot | null;
  shots(episodeId: string): Shot[];
  shotPhase(shotId: string, phase: Phase): ShotPhase;
  /** The only writer of a state: checks the table of legal moves and the version; throws state.illegal-move, state.stale. */
  transition(move: Transition): ShotPhase;
  /** Changes fields without a move; counts the version. */
  annotate(shotId: string, phase: Phase, expectedVersion: number, patch: ShotPhasePatch): ShotPhase;
}

export type NewAttempt = Omit<
  Attempt,
  | 'number'
  | 'state'
  | 'takeId'
  | 'failure'
  | 'actualMicroUsd'
  | 'providerJobId'
  | 'providerJob'
  | 'createdAt'
  | 'updatedAt'
>;

export interface AttemptStore {
  /** Step 1 of the protocol: records the intent and reserves its money, in one transaction. The guard has checked caps. */
  recordIntent(attempt: NewAttempt): Attempt;
  attempt(attemptId: string): Attempt | null;
  /** attempts that are not over, oldest first */
  openAttempts(): Attempt[];
  /** Attempts whose doubt ended without a job at or after a time (ISO), newest first; billed ones were written off. */
  endedDoubts(sinceIso: string): Attempt[];
  attemptsOf(shotId: string, phase?: Phase): Attempt[];
  /**
   * Moves an attempt along the protocol; throws state.illegal-move when it is not in `from`. From `failed` only a doubt that had
   * ended unbilled and without a job is opened again: its money is held again, whatever a cap says.
   */
  advanceAttempt(
    attemptId: string,
    from: AttemptState,
    to: Exclude<AttemptState, 'settled' | 'failed'>,
    patch?: Pick<Partial<Attempt>, 'providerJobId' | 'providerJob' | 'failure'>,
  ): Attempt;
  /** Ends an attempt without a take: settles what was billed, releases the rest of its reservation. */
  failAttempt(attemptId: string, failure: NonNullable<Attempt['failure']>, billedMicroUsd: MicroUsd): Attempt;
  /** Step 6: take, provenance, hash, actual cost, reservation settled; one transaction. */
  settleAttempt(attemptId: string, take: NewTake, actualMicroUsd: MicroUsd): Take;
}

export interface AttemptStepStore {
  /** Writes down a step that moves nothing; steps that move an attempt are written by the methods that move it. */
  recordStep(step: NewAttemptStep): AttemptStep;
  /** oldest first */
  stepsOf(attemptId: string): AttemptStep[];
  /** Newest first; `before` is the `next` of the page before, null for the first page and after the last. */
  factsOfBatch(batchId: string, page: { before: number | null; limit: number }): FactPage;
  /** oldest first */
  factsOfShots(shotIds: readonly string[]): AttemptFact[];
  /** the attempt to which a provider's job belongs */
  attemptByJob(provider: string, jobId: string): Attempt | null;
}

export interface FactPage {
  facts: AttemptFact[];
  next: number | null;
}

export interface LedgerStore {
  batchSpend(batchId: string): Spend;
  projectSpend(): Spend;
  /** settled + reserved + in doubt over a shot's repeats: attempts that are not the first of their series */
  retrySpend(shotId: string): MicroUsd;
}

/** A take to record; `number` was given by `nextTakeNumber` and named the file. */
export type NewTake = Omit<Take, 'id' | 'review' | 'gateStatus' | 'madeWithOldHero' | 'prepared' | 'createdAt'> & {
  provenance: ProvenanceRecord;
};

export interface TakeStore {
  /** Hands out T<n> for a shot, once each, also to files that are never recorded. */
  nextTakeNumber(shotId: string): number;
  /** Records a take that no attempt made (external, override); throws take.protected when its hash is recorded for the shot. */
  recordTake(take: NewTake): Take;
  take(takeId: string): Take | null;
  takesOf(shotId: string, phase?: Phase): Take[];
  takesOfEpisode(episodeId: string): Take[];
  takeByPath(relativePath: string): Take | null;
  takesUsingRef(sha256: Sha256): Take[];
  takesNotPrepared(limit: number): Take[];
  provenance(takeId: string): ProvenanceRecord;
  /** Writes a record again: gates measured or a person decided since. Generation facts must be equal. */
  updateProvenance(takeId: string, record: ProvenanceRecord): void;
  recordGates(takeId: string, results: GateResult[]): Take;
  gates(takeId: string): GateResult[];
  /** The verdicts on all takes of a phase, by take. */
  gatesOfPhase(shotId: string, phase: Phase): Map<string, GateResult[]>;
  setTakeReview(takeId: string, review: TakeReviewState): Take;
  setPrepared(takeId: string, prepared: PreparedMedia): Take;
  markMadeWithOldHero(takeIds: string[], old: boolean): void;
}

export interface ReviewStore {
  recordReview(review: Omit<Review, 'undone'>): Review;
  review(reviewId: string): Review | null;
  reviewsOf(shotId: string): Review[];
  /** newest decision of a person that is not undone and is not an undo itself */
  lastUndoable(): Review | null;
  markUndone(reviewId: string): void;
  /** what `undo` needs to put back, kept with the review */
  saveUndoState(reviewId: string, before: ShotPhase[], takes: { takeId: string; review: TakeReviewState }[]): void;
  undoState(reviewId: string): { before: ShotPhase[]; takes: { takeId: string; review: TakeReviewState }[] } | null;
}

export interface BatchStore {
  insertBatch(id: string, config: BatchConfig): Batch;
  batch(batchId: string): Batch | null;
  /** Asked at every step, and cheaper than the batch with its counts and its money. */
  batchStatus(batchId: string): BatchStatus | null;
  batches(): Batch[];
  activeBatch(episodeId: string): Batch | null;
  setBatchStatus(batchId: string, status: BatchStatus, reason: string | null): Batch;
  setAwaitingOperator(batchId: string, awaiting: boolean): Batch;
  setBudget(batchId: string, budgetMicroUsd: MicroUsd): Batch;
  /** Counts anew how often autonomy has approved in a batch, from the decisions on record that were not taken back. */
  recountAutoApprovals(batchId: string): Batch;
  /** Journals the batch's present counts and spend when they changed since they were last told. */
  tellProgress(batchId: string): void;
}

export interface RefStore {
  activeRef(slot: SlotKey): RefPromotion | null;
  activeRefs(): RefPromotion[];
  refHistory(slot: SlotKey): RefPromotion[];
  refByHash(sha256: Sha256): RefPromotion | null;
  /** Moves the slot's pointer, keeps the history, marks takes made with the hero before; one transaction. */
  promote(promotion: RefPromotion): { promotion: RefPromotion; affectedTakes: string[] };
}

export interface ProblemStore {
  raiseProblem(problem: Omit<Problem, 'raisedAt'>): void;
  clearProblem(key: string): void;
  problems(): Problem[];
}

export interface JournalStore {
  lastSeq(): number;
  /** In the order in which they were written; of one type alone where it is named. */
  eventsAfter(seq: number, limit: number, type?: EventBody['type']): JournalEvent[];
  /** The newest `limit` rows about one shot, in the order in which they were written. */
  eventsOfShot(shotId: string, limit: number): JournalEvent[];
  /** Called after each commit that wrote journal rows. */
  onCommit(listener: (lastSeq: number) => void): () => void;
}

export interface ProductionStore
  extends ShotStore,
    AttemptStore,
    AttemptStepStore,
    LedgerStore,
    TakeStore,
    ReviewStore,
    BatchStore,
    RefStore,
    ProblemStore,
    JournalStore {
  /** `with-next`: flushed with whatever is flushed next, for what nothing outside may depend on before. */
  inTransaction<T>(work: () => T, flush?: 'now' | 'with-next'): T;
}
