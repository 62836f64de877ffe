/**
 * The loop: plans after each change, starts runs, sets one timer for the next moment that matters. It never sleeps and never
 * asks the store on a beat; a commit, a run's end or the timer wakes it. One shot's bug ends that shot's run and no other.
 */
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { isInFlight } from '../../../src-shared/domain/production-state.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { isAbortError } from '../../platform/app-error.ts';
import { dropOvertaken } from '../attempt/open-attempt.ts';
import { endOfBatch } from '../batch/batch-end.ts';
import { planStateOf, releaseMended } from '../batch/batch-plan.ts';
import { exhaustedText, overrunText } from '../batch/batch-words.ts';
import { type BatchStanding, planNextWork, type WorkItem } from '../batch/plan-next-work.ts';
import type { Timer } from '../ports/clock.ts';
import { WaitTimes } from '../retry/wait-times.ts';
import type { StationDeps } from '../stations/station-deps.ts';
import { bindOpenJob, boundWork, LeftOverPauses } from './bound-work.ts';
import { concludeBrokenRun } from './broken-run.ts';
import { type Run, RunSet } from './run-set.ts';
import { resumePhase, runAttempt, runPhase } from './shot-run.ts';
import { wait } from './wait.ts';

export interface LoopOptions {
  deps: StationDeps;
  /** providers that asked to be left alone, with the epoch milliseconds until which */
  coolDowns: ReadonlyMap<string, number>;
  /** a batch has nothing left to start: it has ended, is exhausted or awaits the operator */
  onRest?: () => void;
}

const brokenPauseMs = 30_000;
const brakePauseMs = 2000;
const planAgainMs = 5000;

export class ProductionLoop {
  readonly #deps: StationDeps;
  readonly #options: LoopOptions;
  readonly #runs = new RunSet();
  readonly #idlers = new Set<() => void>();
  /** batches of which a run has ended since the last pass */
  readonly #ended = new Set<string>();
  readonly #waits: WaitTimes;
  readonly #leftOvers: LeftOverPauses;
  #unsubscribe: (() => void) | null = null;
  #timer: Timer | null = null;
  #scheduled = false;
  #closed = false;
  /** no running batch has room: planning again before a run ends would only cost time */
  #full = false;
  /** what a pass writes itself is no news to it */
  #isPlanning = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#deps = options.deps;
    this.#waits = new WaitTimes(options.deps.clock);
    this.#leftOvers = new LeftOverPauses(options.deps.clock);
  }

  /** Something may have changed: plans again, soon and once for all that changed together. The first call opens the loop. */
  wake(): void {
    if (this.#scheduled || this.#closed) return;
    this.#unsubscribe ??= this.#deps.store.onCommit(() => this.#full || this.#isPlanning || this.wake());
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#pass();
    });
  }

  /** Starts a run beside the plan, for what the last process left behind. */
  adopt(run: Omit<Run, 'plannedMicroUsd'>, work: () => Promise<void>): void {
    if (!this.#closed) this.#start({ ...run, plannedMicroUsd: 0 }, work);
  }

  /** A person lets a batch go on that was on hold. */
  goOn(batchId: string): void {
    this.#runs.markStragglers(batchId);
  }

  /** Whether the run of a shot began before its batch last went on: its trouble may be the one that was mended. */
  isStraggler(shotId: string): boolean {
    return this.#runs.isStraggler(shotId);
  }

  /** Resolves when nothing runs and nothing will until a person acts. */
  idle(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.wake();
    return new Promise((resolve) => this.#idlers.add(resolve));
  }

  /** Takes no further work and waits for the runs to end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe?.();
    this.#timer?.cancel();
    this.#timer = null;
    await this.#runs.settled();
    this.#tellIdlers();
  }

  /** Nothing may escape from here: it runs on its own, with nobody to catch it. */
  #pass(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#isPlanning = true;
    try {
      dropOvertaken(this.#deps, this.#runs.busyShots());
      const batches = this.#deps.store.batches();
      for (const batch of batches) this.#endIfDone(batch);
      const running = batches.filter((batch) => batch.status === 'running');
      this.#tellEnded(batches);
      const wakeAts = running.flatMap((batch) => this.#passBatch(batch) ?? []);
      wakeAts.push(...this.#askAboutBoundWork(running));
      if (wakeAts.length > 0) this.#wakeAt(Math.min(...wakeAts));
      // not before what its runs reserve is told too
      const isReserved = this.#runs.plannedMicroUsd() === 0;
      this.#full = isReserved && running.length > 0 && running.every((batch) => this.#isFull(batch));
    } catch (error) {
      this.#deps.logger.error('the loop could not plan', { error });
      this.#wakeAt(this.#planAgainAt());
    } finally {
      this.#isPlanning = false;
    }
    this.#tellIdlers();
  }

  /** What came back to a batch that does not run any more has changed its counts and its money. */
  #tellEnded(batches: readonly Batch[]): void {
    for (const { id, status } of batches) {
      if (this.#ended.has(id) && status !== 'running') this.#deps.store.tellProgress(id);
    }
    this.#ended.clear();
  }

  /** A batch on hold that was decided to its end is over: it must not keep the next one from starting. */
  #endIfDone(batch: Batch): void {
    if (batch.status !== 'paused' && batch.status !== 'budget_exhausted') return;
    if (batch.counts.pending > 0 || batch.counts.inReview > 0) return;
    const deps = this.#deps;
    const shots = deps.store.shots(batch.episodeId);
    const world = { shots, runs: this.#runs, coolDowns: this.#options.coolDowns, waits: this.#waits };
    const asIfRunning = { ...planStateOf(deps, batch, world), status: 'running' as const };
    const { standing } = planNextWork(asIfRunning, deps.clock.now().getTime());
    if (standing === 'complete') this.#end(batch, shots);
  }

  /** Money that is out is followed whatever its batch does. Answers with the times at which to look again. */
  #askAboutBoundWork(running: readonly Batch[]): number[] {
    const deps = this.#deps;
    const busy = this.#runs.busyShots();
    const nowMs = deps.clock.now().getTime();
    return boundWork(deps, running, this.#leftOvers).flatMap((work) => {
      const { shotId, phase } = work.at;
      if (busy.has(shotId)) return [];
      const askAt = this.#waits.endOf(work.isLeftOver ? work.attempt.id : `${shotId}/${phase}`, work.askAt);
      if (askAt > nowMs) return [askAt];
      if (work.isLeftOver) this.#leftOvers.note(work.attempt.id);
      const bound = bindOpenJob(deps, work);
      const run = { shotId, phase, batchId: work.attempt.batchId, provider: work.attempt.request.provider };
      if (bound) this.#start({ ...run, plannedMicroUsd: 0 }, () => runAttempt(deps, bound));
      return [];
    });
  }

  #isFull(batch: Batch): boolean {
    if (this.#runs.ofBatch(batch.id) >= batch.config.maxConcurrent) return true;
    const adapters = [...this.#deps.providers.values()];
    return adapters.every(({ name, capabilities }) => this.#runs.ofProvider(name) >= capabilities.concurrency);
  }

  #wakeAt(atMs: number): void {
    const { clock } = this.#deps;
    this.#timer = clock.after(Math.max(0, atMs - clock.now().getTime()), () => {
      this.#timer = null;
      this.wake();
    });
  }

  #passBatch(batch: Batch): number | null {
    try {
      return this.#planBatch(batch);
    } catch (error) {
      this.#deps.logger.error('a batch could not be planned', { batchId: batch.id, error });
      return this.#planAgainAt();
    }
  }

  /** A disk that could not be written for a moment wakes nobody when it can again. */
  #planAgainAt(): number {
    return this.#deps.clock.now().getTime() + planAgainMs;
  }

  #planBatch(batch: Batch): number | null {
    const deps = this.#deps;
    const runs = this.#runs;
    const before = deps.store.shots(batch.episodeId);
    const released = releaseMended(deps, batch, { shots: before, busy: runs.busyShots() });
    const shots = released ? deps.store.shots(batch.episodeId) : before;
    const world = { shots, runs, coolDowns: this.#options.coolDowns, waits: this.#waits };
    const next = planNextWork(planStateOf(deps, batch, world), deps.clock.now().getTime());
    for (const item of next.start) this.#startItem(batch, item);
    this.#writeStanding(batch, next.standing, shots);
    return next.wakeAt;
  }

  #startItem(batch: Batch, item: WorkItem): void {
    const { shotId, phase, provider } = item;
    const run: Run = { shotId, phase, batchId: batch.id, provider, plannedMicroUsd: item.costMicroUsd };
    const onReserved = () => {
      run.plannedMicroUsd = 0;
    };
    this.#start(run, async () => {
      if (item.kind === 'resume') await resumePhase(this.#deps, shotId, phase)?.();
      else await this.#braked(run, () => runPhase(this.#deps, { shotId, phase, batchId: batch.id, onReserved }));
    });
  }

  /** A run that leaves its phase as ready to start as before is not begun again without a pause, whatever the cause. */
  async #braked(run: Run, work: () => Promise<void>): Promise<void> {
    const { store, clock, signal } = this.#deps;
    const before = store.shotPhase(run.shotId, run.phase);
    await work();
    const after = store.shotPhase(run.shotId, run.phase);
    const isSame = after.series === before.series && after.attempts === before.attempts;
    const isReady = isSame && (after.state === 'queued' || isInFlight(after.state));
    if (!isReady || run.batchId === null || store.batchStatus(run.batchId) !== 'running') return;
    await wait(clock, brakePauseMs, signal);
  }

  #start(run: Run, work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => this.#endBroken(run, error))
      .finally(() => {
        this.#runs.remove(run);
        if (run.batchId !== null) this.#ended.add(run.batchId);
        this.#full = false;
        this.wake();
        this.#tellIdlers();
      });
    this.#runs.add(run, done);
  }

  async #endBroken(run: Run, error: unknown): Promise<void> {
    const { signal, logger, clock } = this.#deps;
    if (signal.aborted && isAbortError(error)) return;
    const about = { shotId: run.shotId, phase: run.phase };
    logger.error('a run was stopped', { ...about, error });
    try {
      if (concludeBrokenRun(this.#deps, run, error) !== 'left') return;
    } catch (second) {
      logger.error('a stopped run could not be recorded', { ...about, error: second });
    }
    // Its phase may look ready to start: it stays busy for a while, so that what is broken is not tried without pause.
    await wait(clock, brokenPauseMs, signal).catch(() => {});
  }

  /** Writes down how a batch stands when that has changed. */
  #writeStanding(batch: Batch, standing: BatchStanding, shots: readonly Shot[]): void {
    const { store, guard } = this.#deps;
    const awaiting = standing === 'awaiting-operator';
    if (batch.awaitingOperator !== awaiting) store.setAwaitingOperator(batch.id, awaiting);
    if (standing === 'budget-exhausted' || (awaiting && !batch.awaitingOperator)) this.#options.onRest?.();
    store.tellProgress(batch.id);
    if (standing === 'complete') {
      this.#end(batch, shots);
      return;
    }
    const spends = [store.batchSpend(batch.id), guard.projectSpend()] as const;
    const overrun = overrunText(...spends);
    if (standing === 'budget-exhausted') store.setBatchStatus(batch.id, 'budget_exhausted', exhaustedText(...spends));
    else if (batch.statusReason !== overrun) store.setBatchStatus(batch.id, 'running', overrun);
  }

  #end(batch: Batch, shots: readonly Shot[]): void {
    const { store, guard } = this.#deps;
    const { status, reason } = endOfBatch(store, batch, shots);
    store.setBatchStatus(batch.id, status, reason ?? overrunText(store.batchSpend(batch.id), guard.projectSpend()));
    this.#options.onRest?.();
  }

  #tellIdlers(): void {
    if (this.#runs.size > 0 || this.#scheduled || this.#timer) return;
    for (const tell of this.#idlers) tell();
    this.#idlers.clear();
  }
}
