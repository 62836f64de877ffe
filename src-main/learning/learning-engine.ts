/**
 * Follows the journal and keeps what it teaches. How far it has read is recorded in the same transaction as what it found
 * there, so that a crash loses nothing and counts nothing twice. Files and reports are written from the database after it; a
 * write that does not succeed is a visible problem, is tried again with the next change, and stops nothing else.
 */
import { setImmediate } from 'node:timers/promises';
import { learningReportName } from '../../src-shared/domain/learning.ts';
import type { LearningReport } from '../../src-shared/domain/learning-report.ts';
import type { Clock, Timer } from '../orchestrator/ports/clock.ts';
import type { GrowingFiles, LearningStore } from '../orchestrator/ports/learning-store.ts';
import type { DurableFiles } from '../orchestrator/ports/project-files.ts';
import type { AttemptStore, JournalStore, ProblemStore, ShotStore, TakeStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { buildReport } from './build-report.ts';
import { JournalStudent } from './journal-student.ts';
import { LearningFiles } from './learning-files.ts';
import { toReportFile } from './report-file.ts';
import type { SharedLearnings } from './shared-learnings.ts';
import { addToTally, emptyTally } from './tally.ts';

export interface LearningDeps {
  store: LearningStore & JournalStore & ProblemStore & AttemptStore & TakeStore & ShotStore;
  clock: Clock;
  files: DurableFiles;
  growing: GrowingFiles;
  paths: { learningPath(fileName: string): string; relativeTo(path: string): string };
  shared: SharedLearnings;
  /** slug of the project */
  project: () => string;
  /** Its faults are scripted: what it teaches stays in it. */
  isRehearsal: boolean;
  logger: Logger;
}

/** Learned soon after it happened, exported not more often than every few seconds. */
const learnMs = 250;
const exportMs = 3000;
const sliceRows = 500;
const problemKey = 'learning:files';

export class LearningEngine {
  readonly #deps: LearningDeps;
  readonly #student: JournalStudent;
  readonly #files: LearningFiles;
  readonly #tally = emptyTally();
  #tallied = 0;
  #exported = -1;
  /** batches after whose end the suggestions were shared */
  #sharedAfter = 0;
  #lastExportAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;
  #running: Promise<void> = Promise.resolve();
  #background: Promise<void> = Promise.resolve();
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(deps: LearningDeps) {
    this.#deps = deps;
    this.#student = new JournalStudent({ store: deps.store, project: deps.project });
    this.#files = new LearningFiles({
      ...{ store: deps.store, growing: deps.growing, pathOf: deps.paths.learningPath },
      onDamaged: (path) => deps.logger.warn('a learning file was damaged; it is kept aside and written anew', { path }),
    });
    this.#unsubscribe = deps.store.onCommit(() => this.#schedule(learnMs));
    this.#schedule(learnMs);
  }

  /** The report over all that is on record now. */
  async report(): Promise<{ seq: number; report: LearningReport }> {
    await this.#inTurn(() => this.#student.study());
    await this.#inTurn(() => this.#addUp());
    const { store, project, clock } = this.#deps;
    const { seen: seq } = this.#student;
    const approved = store.approvedOutput();
    await setImmediate();
    const times = store.stationTimes();
    await setImmediate();
    const chosen = store.chosenTakes();
    const facts = { project: project(), now: clock.now().toISOString(), approved, times, chosen };
    return { seq, report: buildReport(this.#tally, facts) };
  }

  /** Puts the suggestions of this project among those that all projects know; answers how many were new. */
  async share(): Promise<number> {
    if (this.#deps.isRehearsal) {
      throw new AppError({
        code: 'input.invalid',
        message: 'This is a rehearsal: what it teaches is not shared with other projects.',
        hint: 'Share from the production itself.',
      });
    }
    const { report } = await this.report();
    if (report.status === 'no_data') return 0;
    return this.#deps.shared.add(this.#deps.project(), report.suggestions);
  }

  /** Learns what is outstanding and brings the files up to it. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    await this.#background;
    await this.#inTurn(() => this.#student.study()).catch((error: unknown) => this.#log(error));
    await this.#export();
    await this.#shareWhenComplete().catch((error: unknown) => this.#log(error));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    await this.flush();
  }

  #schedule(delayMs: number): void {
    if (this.#timer || this.#closed) return;
    this.#timer = this.#deps.clock.after(delayMs, () => {
      this.#timer = null;
      this.#background = this.#background.then(() => this.#learnAndExport());
    });
  }

  /** Runs on its own: nothing may escape from here. */
  async #learnAndExport(): Promise<void> {
    try {
      await this.#inTurn(() => this.#student.study());
      const restMs = exportMs - (this.#deps.clock.monotonicMs() - this.#lastExportAt);
      if (restMs > 0) this.#schedule(restMs);
      else await this.#export();
      await this.#shareWhenComplete();
    } catch (error) {
      this.#log(error);
    }
  }

  /** Whoever read of a batch's end, a report that was asked for perhaps: what it taught is shared once. */
  async #shareWhenComplete(): Promise<void> {
    const { completed } = this.#student;
    if (this.#sharedAfter === completed || this.#deps.isRehearsal) return;
    this.#sharedAfter = completed;
    await this.share();
  }

  /** Each step on its own: one that does not succeed keeps no other from being done. */
  async #export(): Promise<void> {
    this.#lastExportAt = this.#deps.clock.monotonicMs();
    if (this.#exported === this.#student.learned) return;
    const { store, files, paths } = this.#deps;
    const learned = this.#student.learned;
    try {
      await this.#inTurn(() => this.#files.write());
      const path = paths.learningPath(learningReportName);
      const isWanted = store.learningEventsAfter(0, 1).length > 0 && (learned > 0 || !(await files.exists(path)));
      if (isWanted) {
        const { report } = await this.report();
        await files.write(path, `${JSON.stringify(toReportFile(report), null, 2)}\n`);
      }
      this.#exported = learned;
      store.clearProblem(problemKey);
    } catch (error) {
      this.#log(error);
      this.#raise(error);
    }
  }

  async #addUp(): Promise<void> {
    for (;;) {
      const rows = this.#deps.store.learningEventsAfter(this.#tallied, sliceRows);
      for (const { seq, event } of rows) {
        addToTally(this.#tally, event);
        this.#tallied = seq;
      }
      if (rows.length < sliceRows) return;
      await setImmediate();
    }
  }

  /** One after the other, each on what the one before has left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#running.then(work);
    this.#running = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  #log(error: unknown): void {
    this.#deps.logger.error('learning stumbled', { error });
  }

  #raise(error: unknown): void {
    const { store, paths } = this.#deps;
    const why = error instanceof Error ? error.message : String(error);
    try {
      store.raiseProblem({
        ...{ key: problemKey, severity: 'warning', where: null },
        file: paths.relativeTo(paths.learningPath(learningReportName)),
        message: `The learning files could not be written: ${why}`,
        hint: 'Nothing is lost: they are written again from the database with the next change.',
      });
    } catch (second) {
      this.#log(second);
    }
  }
}
