/** What learning asks of the store and of the disk. Events are only ever added; their numbers are the order of the files. */
import type { LearningEvent, LearningKind, TimedState } from '../../../src-shared/domain/learning.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { TakeSource } from '../../../src-shared/domain/take.ts';
import type { GateStatus } from '../../../src-shared/domain/verdict.ts';

/** What is remembered of a phase between two journal rows, as its owner wrote it. */
export interface LearningMemory {
  shotId: string;
  phase: Phase;
  memory: unknown;
}

export interface LearningRow {
  seq: number;
  event: LearningEvent;
}

/** Approved work of one engine in one phase. */
export interface ApprovedOutput {
  phase: Phase;
  model: string;
  output: 'still' | 'clip';
  takes: number;
  seconds: number;
}

/** How long a phase was in a state, each time it left it. */
export interface StationTime {
  /** journal number of the move */
  seq: number;
  state: TimedState;
  phase: Phase;
  elapsedMs: number;
}

/** Times of one state in one phase. */
export interface StationTimes {
  state: TimedState;
  phase: Phase;
  n: number;
  medianMs: number;
  p95Ms: number;
}

/** A circled take with the person's decision that circled it. */
export interface ChosenTake {
  takeId: string;
  shotId: string;
  phase: Phase;
  source: TakeSource;
  gateStatus: GateStatus | null;
  /** a newer take of the phase had passed the gates when it was chosen */
  hadNewerPass: boolean;
  note: string;
  decidedAt: string;
}

/** What one stretch of the journal brought. */
export interface LearningBatch {
  events: LearningEvent[];
  times: StationTime[];
  memories: LearningMemory[];
  /** the last journal number read */
  seq: number;
}

export interface LearningStore {
  /** the journal number up to which learning has read */
  learnedSeq(): number;
  learningMemory(shotId: string, phase: Phase): unknown;
  hasLearningEvent(id: string): boolean;
  /** Adds events and times that are not there yet, with the memory and the mark they belong to; one transaction. */
  appendLearning(batch: LearningBatch): void;
  /** events after a number, oldest first; of one kind or of all */
  learningEventsAfter(seq: number, limit: number, kind?: LearningKind): LearningRow[];
  approvedOutput(): ApprovedOutput[];
  stationTimes(): StationTimes[];
  chosenTakes(): ChosenTake[];
}

/** Files that only grow. */
export interface GrowingFiles {
  /** null when there is none */
  size(path: string): Promise<number | null>;
  /** fewer bytes than asked at the file's end */
  readAt(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Adds to the end and flushes; makes file and folder. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Keeps a damaged file under another name. */
  setAside(path: string): Promise<void>;
}
