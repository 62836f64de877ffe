/**
 * The store's contract in memory, for tests of services: same checks, same journal order, transactions that roll back. The
 * real one is SQLite; the tests of src-main/store hold it to the same contract.
 */
import type { ProductionStore, Transition } from '../../src-main/orchestrator/ports/store.ts';
import { AppError } from '../../src-main/platform/app-error.ts';
import { type Attempt, wasNoTry } from '../../src-shared/domain/attempt.ts';
import type { AttemptFact, AttemptStep, NewAttemptStep } from '../../src-shared/domain/attempt-step.ts';
import type { Batch, BatchCounts, Spend } from '../../src-shared/domain/batch.ts';
import { takeIdOf } from '../../src-shared/domain/ids.ts';
import type { EventBody, JournalEvent, Problem } from '../../src-shared/domain/journal.ts';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { PlanFile } from '../../src-shared/domain/plan.ts';
import { isLegalMove, stationOf } from '../../src-shared/domain/production-state.ts';
import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import { type RefPromotion, type SlotKey, slotKeyText } from '../../src-shared/domain/ref.ts';
import type { Review } from '../../src-shared/domain/review.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { GateResult } from '../../src-shared/domain/verdict.ts';

interface State {
  shots: Record<string, Shot>;
  attempts: Attempt[];
  steps: AttemptStep[];
  takes: Record<string, Take>;
  provenance: Record<string, ProvenanceRecord>;
  gates: Record<string, GateResult[]>;
  numbers: Record<string, number>;
  reviews: Review[];
  undo: Record<string, ReturnType<ProductionStore['undoState']>>;
  batches: Batch[];
  refs: RefPromotion[];
  problems: Record<string, Problem>;
  journal: JournalEvent[];
}

type NowSource = () => Date;

export class MemoryStore implements ProductionStore {
  #state: State = {
    ...{ shots: {}, attempts: [], steps: [], takes: {}, provenance: {}, gates: {}, numbers: {}, reviews: [], undo: {} },
    ...{ batches: [], refs: [], problems: {}, journal: [] },
  };
  readonly #now: NowSource;
  readonly #listeners = new Set<(lastSeq: number) => void>();
  #depth = 0;
  readonly #projectCap: number;

  constructor(now: NowSource, projectCapMicroUsd = 50_000_000) {
    this.#now = now;
    this.#projectCap = projectCapMicroUsd;
  }

  inTransaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    const { journal, ...rest } = this.#state;
    const before = { rest: structuredClone(rest), rows: journal.length };
    try {
      return this.#write(work);
    } catch (error) {
      this.#state = { ...before.rest, journal: this.#state.journal.slice(0, before.rows) };
      throw error;
    }
  }

  applyPlan(plan: PlanFile) {
    return this.#write(() => {
      plan.shots.forEach((shot, order) => {
        const row = (phase: Phase): ShotPhase => ({
          ...{
            shotId: shot.shot_id,
            phase,
            state: phase === 'previs' ? 'queued' : 'blocked',
            outcome: null,
            version: 0,
          },
          ...{ enteredAt: this.#iso(), reason: null, approvedTakeId: null, workflowId: null, series: 0, attempts: 0 },
          ...{ remediationCount: 0, remediationLimit: 0, retryAt: null, spentMicroUsd: 0 },
        });
        const known = this.#state.shots[shot.shot_id];
        this.#state.shots[shot.shot_id] = {
          ...{ id: shot.shot_id, episodeId: plan.episode_id, sceneId: shot.scene_id, sceneHeading: '', order },
          ...{ standing: 'planned', plan: shot },
          phases: known?.phases ?? { previs: row('previs'), keyframe: row('keyframe'), video: row('video') },
        };
      });
      return { added: plan.shots.map((shot) => shot.shot_id), changed: [], removed: [] };
    });
  }

  shot = (shotId: string) => copy(this.#state.shots[shotId] ?? null);
  shots = (episodeId: string) =>
    copy(Object.values(this.#state.shots).filter((shot) => shot.episodeId === episodeId)).sort(
      (a, b) => a.order - b.order,
    );
  shotPhase = (shotId: string, phase: Phase) => copy(this.#phase(shotId, phase));

  transition(move: Transition): ShotPhase {
    return this.#write(() => {
      const row = this.#phase(move.shotId, move.phase);
      if (row.version !== move.expectedVersion) throw new AppError({ code: 'state.stale', message: 'moved since' });
      if (!isLegalMove(row.state, move.to)) {
        throw new AppError({ code: 'state.illegal-move', message: `${row.state} to ${move.to}` });
      }
      const from = row.state;
      Object.assign(row, move.patch, { state: move.to, version: row.version + 1, enteredAt: this.#iso() });
      this.#journal({
        ...{ type: 'station_transition', shotPhase: copy(row), from, cause: move.cause, station: stationOf(move.to) },
        elapsedMs: 0,
      });
      return copy(row);
    });
  }

  annotate: ProductionStore['annotate'] = (shotId, phase, expectedVersion, patch) =>
    this.#write(() => {
      const row = this.#phase(shotId, phase);
      if (row.version !== expectedVersion) throw new AppError({ code: 'state.stale', message: 'changed since' });
      Object.assign(row, patch, { version: row.version + 1 });
      this.#journal({
        ...{ type: 'station_transition', shotPhase: copy(row), from: row.state, cause: 'restarted', station: null },
        elapsedMs: 0,
      });
      return copy(row);
    });

  recordIntent: ProductionStore['recordIntent'] = (attempt) =>
    this.#write(() => {
      const number = this.attemptsOf(attempt.shotId, attempt.phase).length + 1;
      const recorded: Attempt = {
        ...copy(attempt),
        ...{ number, state: 'intent', takeId: null, failure: null, actualMicroUsd: null, providerJobId: null },
        ...{ providerJob: null, createdAt: this.#iso(), updatedAt: this.#iso() },
      };
      this.#state.attempts.push(recorded);
      this.#addStep({ attemptId: recorded.id, kind: 'intent', by: null, note: null });
      this.#journal({ type: 'attempt_changed', attempt: copy(recorded) });
      return copy(recorded);
    });

  attempt = (id: string) => copy(this.#state.attempts.find((attempt) => attempt.id === id) ?? null);
  openAttempts = () => copy(this.#state.attempts.filter(({ state }) => state !== 'settled' && state !== 'failed'));
  endedDoubts = (sinceIso: string) =>
    copy(
      this.#state.attempts.filter(
        ({ id, state, providerJobId, updatedAt }) =>
          state === 'failed' && providerJobId === null && updatedAt >= sinceIso && this.#wasInDoubt(id),
      ),
    ).reverse();
  attemptsOf = (shotId: string, phase?: Phase) =>
    copy(this.#state.attempts.filter((one) => one.shotId === shotId && (phase === undefined || one.phase === phase)));

  advanceAttempt: ProductionStore['advanceAttempt'] = (id, from, to, patch) =>
    this.#write(() => {
      const attempt = this.#attempt(id);
      const { state, providerJobId, actualMicroUsd } = attempt;
      const wasLost = providerJobId === null && actualMicroUsd === 0 && this.#wasInDoubt(id);
      if (state !== from || (from === 'failed' && !(wasLost && to === 'in_doubt'))) {
        throw new AppError({ code: 'state.illegal-move', message: `not in ${from}` });
      }
      return this.#change(attempt, { ...patch, state: to, actualMicroUsd: null });
    });

  failAttempt: ProductionStore['failAttempt'] = (id, failure, billedMicroUsd) =>
    this.#write(() => this.#change(this.#open(id), { state: 'failed', failure, actualMicroUsd: billedMicroUsd }));

  settleAttempt: ProductionStore['settleAttempt'] = (id, take, actualMicroUsd) =>
    this.#write(() => {
      const attempt = this.#open(id);
      const recorded = this.recordTake(take);
      this.#change(attempt, { state: 'settled', takeId: recorded.id, actualMicroUsd, failure: null });
      return recorded;
    });

  recordStep: ProductionStore['recordStep'] = (step) =>
    this.#write(() => {
      const recorded = this.#addStep(step);
      this.#journal({ type: 'attempt_noted', step: copy(recorded) });
      return copy(recorded);
    });
  stepsOf = (attemptId: string) => copy(this.#state.steps.filter((step) => step.attemptId === attemptId));
  factsOfBatch: ProductionStore['factsOfBatch'] = (batchId, { limit }) => {
    const facts = this.#state.attempts.filter((attempt) => attempt.batchId === batchId).map((one) => this.#factOf(one));
    return { facts: facts.reverse().slice(0, limit), next: null };
  };
  factsOfShots = (shotIds: readonly string[]) =>
    this.#state.attempts.filter((attempt) => shotIds.includes(attempt.shotId)).map((one) => this.#factOf(one));
  attemptByJob = (provider: string, jobId: string) =>
    copy(this.#state.attempts.find((one) => one.providerJobId === jobId && one.request.provider === provider) ?? null);

  batchSpend = (batchId: string): Spend =>
    spendOf(
      this.#state.attempts.filter((attempt) => attempt.batchId === batchId),
      this.#batch(batchId).config.budgetMicroUsd,
    );
  projectSpend = (): Spend => spendOf(this.#state.attempts, this.#projectCap);
  retrySpend = (shotId: string) => {
    const { settledMicroUsd, reservedMicroUsd, inDoubtMicroUsd } = spendOf(
      this.#state.attempts.filter((attempt) => attempt.shotId === shotId && this.#isRepeat(attempt)),
      0,
    );
    return settledMicroUsd + reservedMicroUsd + inDoubtMicroUsd;
  };

  nextTakeNumber = (shotId: string) =>
    this.#write(() => {
      const number = (this.#state.numbers[shotId] ?? 0) + 1;
      this.#state.numbers[shotId] = number;
      return number;
    });
  recordTake: ProductionStore['recordTake'] = ({ provenance, ...take }) =>
    this.#write(() => {
      const id = takeIdOf(take.shotId, take.number);
      if (this.#state.takes[id]) throw new Error(`${id} is recorded already`);
      const recorded: Take = {
        ...{ ...copy(take), id, review: 'unreviewed', gateStatus: null, madeWithOldHero: false, prepared: null },
        createdAt: this.#iso(),
      };
      this.#state.takes[id] = recorded;
      this.#state.provenance[id] = copy(provenance);
      this.#journal({ type: 'take_recorded', take: copy(recorded) });
      return copy(recorded);
    });
  take = (id: string) => copy(this.#state.takes[id] ?? null);
  takesOf = (shotId: string, phase?: Phase) =>
    this.#takes((take) => take.shotId === shotId && (phase === undefined || take.phase === phase));
  takesOfEpisode = (episodeId: string) => this.#takes((take) => take.shotId.startsWith(episodeId));
  takeByPath = (path: string) => this.#takes((take) => take.path === path)[0] ?? null;
  takesUsingRef = () => [];
  takesNotPrepared = (limit: number) => this.#takes((take) => take.prepared === null).slice(0, limit);
  provenance = (takeId: string) => copy(this.#state.provenance[takeId] as ProvenanceRecord);
  updateProvenance = (takeId: string, record: ProvenanceRecord) => {
    this.#state.provenance[takeId] = copy(record);
  };
  recordGates = (takeId: string, results: GateResult[]) => {
    this.#state.gates[takeId] = copy(results);
    const worst = (['fail', 'review', 'unmeasurable', 'deferred', 'pass', 'skipped'] as const).find((status) =>
      results.some((result) => result.status === status),
    );
    return this.#changeTake(takeId, { gateStatus: worst ?? null });
  };
  gates = (takeId: string) => copy(this.#state.gates[takeId] ?? []);
  gatesOfPhase = (shotId: string, phase: Phase) =>
    new Map(this.takesOf(shotId, phase).map(({ id }) => [id, this.gates(id)]));
  setTakeReview: ProductionStore['setTakeReview'] = (takeId, review) => this.#changeTake(takeId, { review });
  setPrepared: ProductionStore['setPrepared'] = (takeId, prepared) => this.#changeTake(takeId, { prepared });
  markMadeWithOldHero = () => {};

  recordReview: ProductionStore['recordReview'] = (review) =>
    this.#write(() => {
      const recorded = { ...review, undone: false };
      this.#state.reviews.push(copy(recorded));
      this.#journal({ type: 'review_recorded', review: copy(recorded) });
      return recorded;
    });
  review = (id: string) => copy(this.#state.reviews.find((review) => review.id === id) ?? null);
  reviewsOf = (shotId: string) => copy(this.#state.reviews.filter((review) => review.shotId === shotId));
  lastUndoable = () => copy(this.#state.reviews.findLast(({ undone, action }) => !undone && action !== 'undo') ?? null);
  markUndone = (id: string) => {
    for (const review of this.#state.reviews) if (review.id === id) review.undone = true;
  };
  saveUndoState: ProductionStore['saveUndoState'] = (id, before, takes) => {
    this.#state.undo[id] = copy({ before, takes });
  };
  undoState = (id: string) => copy(this.#state.undo[id] ?? null);

  insertBatch: ProductionStore['insertBatch'] = (id, config) =>
    this.#write(() => {
      this.#state.batches.push({
        ...{ id, episodeId: config.episodeId, status: 'created', config: copy(config), awaitingOperator: false },
        ...{ createdAt: this.#iso(), startedAt: null, completedAt: null, statusReason: null, autoApproved: 0 },
        counts: { total: 0, pending: 0, inReview: 0, completed: 0, halted: 0 },
        spend: { settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 0, capMicroUsd: 0 },
      });
      return this.#tell(this.#batch(id));
    });
  batch = (id: string) => {
    const batch = this.#state.batches.find((one) => one.id === id);
    return batch ? this.#whole(batch) : null;
  };
  batchStatus = (id: string) => this.#state.batches.find((one) => one.id === id)?.status ?? null;
  batches = () => this.#state.batches.map((batch) => this.#whole(batch));
  activeBatch = (episodeId: string) =>
    this.batches().find((one) => one.episodeId === episodeId && one.status !== 'complete' && one.status !== 'failed') ??
    null;
  setBatchStatus: ProductionStore['setBatchStatus'] = (id, status, statusReason) =>
    this.#changeBatch(id, (batch) => ({
      ...{ status, statusReason },
      startedAt: batch.startedAt ?? (status === 'running' ? this.#iso() : null),
      completedAt: status === 'complete' ? this.#iso() : null,
    }));
  setAwaitingOperator: ProductionStore['setAwaitingOperator'] = (id, awaitingOperator) =>
    this.#changeBatch(id, () => ({ awaitingOperator }));
  setBudget: ProductionStore['setBudget'] = (id, budgetMicroUsd) =>
    this.#changeBatch(id, (batch) => ({ config: { ...batch.config, budgetMicroUsd } }));
  recountAutoApprovals = (id: string) => {
    const made = new Set(this.#state.attempts.filter((one) => one.batchId === id).map(({ takeId }) => takeId));
    const counts = this.#state.reviews.filter(
      ({ action, decidedBy, undone, takeId }) =>
        action === 'auto-approve' && decidedBy === 'autonomy' && !undone && made.has(takeId),
    );
    return this.#changeBatch(id, () => ({ autoApproved: counts.length }));
  };
  tellProgress = () => {};

  activeRef = (slot: SlotKey) => copy(this.#state.refs.findLast((ref) => keyOf(ref) === slotKeyText(slot)) ?? null);
  activeRefs = () => copy(this.#state.refs);
  refHistory = (slot: SlotKey) => copy(this.#state.refs.filter((ref) => keyOf(ref) === slotKeyText(slot)));
  refByHash = (sha256: string) => copy(this.#state.refs.find((ref) => ref.sha256 === sha256) ?? null);
  promote: ProductionStore['promote'] = (promotion) =>
    this.#write(() => {
      this.#state.refs.push(copy(promotion));
      this.#journal({ type: 'ref_promoted', promotion: copy(promotion), affectedTakes: [] });
      return { promotion, affectedTakes: [] };
    });

  raiseProblem: ProductionStore['raiseProblem'] = (problem) => {
    this.#state.problems[problem.key] = { ...problem, raisedAt: this.#iso() };
  };
  clearProblem = (key: string) => {
    delete this.#state.problems[key];
  };
  problems = () => copy(Object.values(this.#state.problems));

  lastSeq = () => this.#state.journal.length;
  eventsAfter = (seq: number, limit: number, type?: EventBody['type']) => {
    const after = this.#state.journal.slice(seq);
    return copy((type ? after.filter(({ body }) => body.type === type) : after).slice(0, limit));
  };
  eventsOfShot = (shotId: string, limit: number) =>
    copy(this.#state.journal.filter(({ body }) => JSON.stringify(body).includes(`"${shotId}"`)).slice(-limit));
  onCommit = (listener: (lastSeq: number) => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** One call is whole or refused before it changes anything, so that only `inTransaction` has to roll back. */
  #write<T>(work: () => T): T {
    const rows = this.#state.journal.length;
    this.#depth++;
    let result: T;
    try {
      result = work();
    } finally {
      this.#depth--;
    }
    const isCommit = this.#depth === 0 && this.#state.journal.length > rows;
    if (isCommit) for (const tell of [...this.#listeners]) tell(this.lastSeq());
    return result;
  }

  #journal(body: EventBody): void {
    this.#state.journal.push({ seq: this.#state.journal.length + 1, at: this.#iso(), projectId: 'test', body });
  }

  #iso(): string {
    return this.#now().toISOString();
  }

  #phase(shotId: string, phase: Phase): ShotPhase {
    const shot = this.#state.shots[shotId];
    if (!shot) throw new AppError({ code: 'shot.not-found', message: `no shot ${shotId}` });
    return shot.phases[phase];
  }

  #attempt(id: string): Attempt {
    const attempt = this.#state.attempts.find((one) => one.id === id);
    if (!attempt) throw new Error(`no attempt ${id}`);
    return attempt;
  }

  #open(id: string): Attempt {
    const attempt = this.#attempt(id);
    if (attempt.state === 'settled' || attempt.state === 'failed') {
      throw new AppError({ code: 'state.illegal-move', message: `${id} is over` });
    }
    return attempt;
  }

  #wasInDoubt(id: string): boolean {
    return this.#state.steps.some(({ attemptId, kind }) => attemptId === id && kind === 'in_doubt');
  }

  #isRepeat({ shotId, phase, series, number }: Attempt): boolean {
    const isBefore = (other: Attempt) => other.phase === phase && other.series === series && other.number < number;
    const counts = (other: Attempt) => isBefore(other) && !wasNoTry(other);
    return this.#state.attempts.some((other) => other.shotId === shotId && counts(other));
  }

  #factOf(attempt: Attempt): AttemptFact {
    const ends = this.#state.steps.flatMap(({ attemptId, kind }) =>
      attemptId === attempt.id && (kind === 'released' || kind === 'charged' || kind === 'reopened') ? [kind] : [],
    );
    return { ...factOf(attempt), doubtEnd: ends.at(-1) ?? null };
  }

  #addStep(step: NewAttemptStep): AttemptStep {
    const { shotId, phase, number } = this.#attempt(step.attemptId);
    const seq = this.#state.steps.length + 1;
    const recorded = { finding: null, jobs: [], ...copy(step), ...{ seq, shotId, phase, number, at: this.#iso() } };
    this.#state.steps.push(recorded);
    return recorded;
  }

  #change(attempt: Attempt, patch: Partial<Attempt>): Attempt {
    Object.assign(attempt, copy(patch), { updatedAt: this.#iso() });
    const { id, state, failure, takeId } = attempt;
    const kind = state === 'intent' ? 'waiting' : state;
    this.#addStep({ attemptId: id, kind, by: null, note: failure?.message ?? takeId });
    this.#journal({ type: 'attempt_changed', attempt: copy(attempt) });
    return copy(attempt);
  }

  #takes(wanted: (take: Take) => boolean): Take[] {
    return copy(Object.values(this.#state.takes).filter(wanted));
  }

  #changeTake(takeId: string, patch: Partial<Take>): Take {
    return this.#write(() => {
      const take = this.#state.takes[takeId];
      if (!take) throw new Error(`no take ${takeId}`);
      Object.assign(take, patch);
      this.#journal({ type: 'take_changed', take: copy(take) });
      return copy(take);
    });
  }

  #batch(id: string): Batch {
    const batch = this.#state.batches.find((one) => one.id === id);
    if (!batch) throw new AppError({ code: 'batch.not-found', message: `no batch ${id}` });
    return batch;
  }

  #changeBatch(id: string, change: (batch: Batch) => Partial<Batch>): Batch {
    return this.#write(() => {
      const batch = this.#batch(id);
      Object.assign(batch, change(batch));
      return this.#tell(batch);
    });
  }

  #tell(batch: Batch): Batch {
    const whole = this.#whole(batch);
    this.#journal({ type: 'batch_changed', batch: copy(whole) });
    return whole;
  }

  #whole(batch: Batch): Batch {
    const shots = Object.values(this.#state.shots).filter((shot) => shot.episodeId === batch.episodeId);
    return copy({ ...batch, spend: this.batchSpend(batch.id), counts: countShots(shots) });
  }
}

function countShots(shots: Shot[]): BatchCounts {
  const counts: BatchCounts = { total: shots.length, pending: 0, inReview: 0, completed: 0, halted: 0 };
  for (const shot of shots) {
    const states = phases.map((phase) => shot.phases[phase].state);
    if (states.includes('halted')) counts.halted++;
    else if (states.includes('awaiting_operator')) counts.inReview++;
    else if (states.every((state) => state === 'stabilized')) counts.completed++;
    else counts.pending++;
  }
  return counts;
}

function spendOf(attempts: readonly Attempt[], capMicroUsd: number): Spend {
  const spend: Spend = { settledMicroUsd: 0, reservedMicroUsd: 0, inDoubtMicroUsd: 0, capMicroUsd };
  for (const { state, reservedMicroUsd, actualMicroUsd } of attempts) {
    if (state === 'settled' || state === 'failed') spend.settledMicroUsd += actualMicroUsd ?? 0;
    else if (state === 'in_doubt') spend.inDoubtMicroUsd += reservedMicroUsd;
    else spend.reservedMicroUsd += reservedMicroUsd;
  }
  return spend;
}

function keyOf(ref: RefPromotion): string {
  const { subject_class: subjectClass, subject_id: subjectId, kind, view } = ref;
  return slotKeyText({ subjectClass, subjectId, kind, view });
}

function factOf(attempt: Attempt): Omit<AttemptFact, 'doubtEnd'> {
  const {
    request,
    requestSha256: _hash,
    priceVersion: _price,
    providerJob: _job,
    parentTakeId: _parent,
    ...fact
  } = attempt;
  return { ...copy(fact), provider: request.provider, model: request.model, refusal: null };
}

function copy<T>(value: T): T {
  return structuredClone(value);
}
