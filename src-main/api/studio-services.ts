/**
 * What the faces (HTTP, command line, desktop shell) ask of the Studio. studio.ts implements it; tests have a fake in
 * memory. Every method either answers or throws AppError; input has been parsed by the contract before it comes here.
 * Nothing in it knows of HTTP, and a path leaves it only to be read by this process or shown to people.
 */
import type { AttemptPage, AttemptTimeline, ShotLog } from '../../src-shared/api/attempts-contract.ts';
import type { ExportReport } from '../../src-shared/api/handoff-contract.ts';
import type { SharedLearningsView } from '../../src-shared/api/learning-contract.ts';
import type { MediaView } from '../../src-shared/api/media-urls.ts';
import type { KnownProject, ProjectSnapshot } from '../../src-shared/api/projects-contract.ts';
import type { RehearsalTrouble, StartedRehearsal } from '../../src-shared/api/rehearsals-contract.ts';
import type { Decided } from '../../src-shared/api/review-contract.ts';
import type { SystemInfo } from '../../src-shared/api/system-contract.ts';
import type { Attempt } from '../../src-shared/domain/attempt.ts';
import type { Doubt, DoubtAnswer } from '../../src-shared/domain/attempt-step.ts';
import type { Batch, BatchConfig, BatchEstimate, EstimateLine } from '../../src-shared/domain/batch.ts';
import type { Sha256 } from '../../src-shared/domain/hash.ts';
import type { JobOut } from '../../src-shared/domain/job-out.ts';
import type { JournalEvent } from '../../src-shared/domain/journal.ts';
import type { LearningReport } from '../../src-shared/domain/learning-report.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { RefCandidate, RefPromotion, RefSubject, SlotKey } from '../../src-shared/domain/ref.ts';
import type { RejectReason, Review } from '../../src-shared/domain/review.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import type { Take, TakeDetail, VerifiedFile, VerifyReport } from '../../src-shared/domain/take.ts';
import type { WorkflowChoice } from '../../src-shared/domain/workflow.ts';
import type { AuditLine } from '../orchestrator/batch/audit-batch.ts';
import type { TakeGate } from '../orchestrator/ports/gate.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretProtection } from '../settings/secret-protection.ts';
import type { Settings } from '../settings/settings.ts';
import type { UploadShelf } from './upload-shelf.ts';

export interface KnownProjects {
  list(): Promise<KnownProject[]>;
  /** Throws project.not-found; a project that cannot be opened is answered with its `trouble`. */
  open(projectId: string): Promise<KnownProject>;
  close(projectId: string): Promise<{ closed: boolean }>;
  create(project: { slug: string; title: string }): Promise<KnownProject>;
}

export interface TakeServices {
  list(shotId: string): Promise<{ seq: number; takes: Take[] }>;
  /** every take of an episode in the order of the plan, oldest first within a shot */
  ofEpisode(episodeId: string): Promise<Take[]>;
  detail(takeId: string): Promise<TakeDetail>;
  verify(takeId: string, signal?: AbortSignal): Promise<VerifyReport>;
  /** Hashes every take and every recorded hero again; tells each as it is done. */
  verifyAll(onFile: (file: VerifiedFile) => void, signal?: AbortSignal): Promise<VerifiedFile[]>;
  prepare(takeId: string): Promise<{ requested: boolean }>;
}

export interface ReviewServices {
  approve(decision: { takeId: string; note: string }): Promise<Decided>;
  reject(decision: { takeId: string; reasons: RejectReason[]; note: string }): Promise<Decided>;
  reroute(decision: { shotId: string; phase: Phase; workflowId: string; note: string }): Promise<Decided>;
  workflowChoices(work: { shotId: string; phase: Phase }): Promise<WorkflowChoice[]>;
  override(decision: { shotId: string; phase: Phase; uploadId: string; reason: string }): Promise<Decided>;
  /** the newest decision, or the one named */
  undo(reviewId?: string): Promise<Decided>;
  history(shotId: string): Promise<Review[]>;
}

export interface BatchServices {
  estimate(config: BatchConfig): Promise<BatchEstimate>;
  /** The lines of an estimate in slices; what is wrong with the scope is thrown before the first. */
  preflight(config: BatchConfig): Promise<AsyncIterable<EstimateLine[]>>;
  /** The same with the requests as they would be sent; for the command line. */
  audit(config: BatchConfig): Promise<AsyncIterable<AuditLine[]>>;
  start(config: BatchConfig): Promise<Batch>;
  pause(batchId: string): Promise<Batch>;
  resume(batchId: string, budgetMicroUsd?: MicroUsd): Promise<Batch>;
  stop(batchId: string): Promise<Batch>;
  /** Ends a phase's wait for another try: it awaits the operator. */
  cancelRetry(work: { shotId: string; phase: Phase }): Promise<ShotPhase>;
  list(): Promise<Batch[]>;
}

export interface AttemptServices {
  /** newest first; `cursor` is the `next` of the page before */
  ofBatch(page: { batchId: string; cursor: number | null; limit: number }): Promise<AttemptPage>;
  timeline(attemptId: string): Promise<AttemptTimeline>;
  shotLog(shotId: string, limit: number): Promise<ShotLog>;
  /** one sentence for each shot that is there; `phases` are those of a batch, all by default */
  explanations(shotIds: string[], phases?: Phase[]): Promise<Record<string, string>>;
  inDoubt(): Promise<{ seq: number; doubts: Doubt[] }>;
  /** Asks the provider now what it lists; moves nothing. */
  reconcile(attemptId: string): Promise<Doubt>;
  /** Looks again for doubts that ended without a job; answers with those opened again in this session. */
  lookAgain(): Promise<Attempt[]>;
  settleDoubt(attemptId: string, answer: DoubtAnswer): Promise<Attempt>;
  /** Jobs of a batch, or of the project, that providers have. */
  jobsOut(batchId: string | null): Promise<JobOut[]>;
  /** Calls one job off where that costs nothing; throws state.illegal-move where it does. */
  callOff(attemptId: string): Promise<Attempt>;
  /** Takes an uploaded file for an attempt that a person makes; throws state.stale when nobody waits for it. */
  deliver(attemptId: string, uploadId: string): Promise<ShotPhase>;
}

export interface RefServices {
  list(): Promise<{ seq: number; subjects: RefSubject[] }>;
  inspect(slot: SlotKey, uploadId: string): Promise<RefCandidate>;
  promote(slot: SlotKey, uploadId: string): Promise<RefPromotion>;
  undo(slot: SlotKey): Promise<RefPromotion>;
}

export interface LearningServices {
  /** over everything recorded up to `seq` */
  report(): Promise<{ seq: number; report: LearningReport }>;
  shared(): Promise<SharedLearningsView>;
  share(): Promise<{ added: number; shared: SharedLearningsView }>;
  /** Brings the files of `state/learning` up to date now. */
  flush(): Promise<void>;
}

/** The journal as a reader pages through it. */
export interface JournalReader {
  lastSeq(): number;
  eventsAfter(seq: number, limit: number): JournalEvent[];
  /** Called after each commit that wrote rows; the answer ends the subscription. */
  onCommit(listener: (lastSeq: number) => void): () => void;
  /** Aborted when the project closes: followers end. */
  readonly closed: AbortSignal;
}

/** A file that the HTTP face may send: checked to be inside the project, its type known from its probe. */
export interface MediaFile {
  /** absolute; opened for reading only, never sent */
  path: string;
  mimeType: string;
  /** names these bytes and no others; for originals and heroes the 64 hex digits of their SHA-256 */
  etag: string;
}

export interface MediaLookup {
  /** Throws take.not-found, media.not-ready, file.missing. */
  take(takeId: string, view: MediaView): Promise<MediaFile>;
  /** A hero on record, present or past; throws ref.missing. */
  ref(sha256: Sha256): Promise<MediaFile>;
}

/** One open project. */
export interface ProjectServices {
  snapshot(episodeId?: string): Promise<ProjectSnapshot>;
  readonly takes: TakeServices;
  readonly review: ReviewServices;
  readonly batches: BatchServices;
  readonly attempts: AttemptServices;
  readonly refs: RefServices;
  readonly handoff: { exportEpisode(episodeId: string, signal?: AbortSignal): Promise<ExportReport> };
  readonly learning: LearningServices;
  readonly journal: JournalReader;
  readonly media: MediaLookup;
}

/** What holds for every project of this user; keys go in and never come out. */
export type SettingsServices = Pick<Settings, 'providers' | 'setKey' | 'removeKey' | 'testKey' | 'setAddress'>;

export interface RehearsalServices {
  start(order: { projectId: string; config: BatchConfig; trouble: RehearsalTrouble }): Promise<StartedRehearsal>;
  /** Removes a rehearsal with everything in it; refuses what is none. */
  remove(projectId: string): Promise<{ removed: boolean }>;
}

export interface StudioServices {
  readonly projects: KnownProjects;
  /** Throws project.not-found, or project.not-open when it is known and closed. */
  project(projectId: string): ProjectServices;
  readonly settings: SettingsServices;
  readonly rehearsals: RehearsalServices;
  readonly system: { info(): Promise<SystemInfo> };
  readonly uploads: UploadShelf;
}

export interface StudioOptions {
  /** the user's data folder: known projects, new projects, uploads */
  dataFolder: string;
  /** whether opened folders go into the list of known projects; the command line leaves that list alone */
  rememberProjects: boolean;
  logger: Logger;
  /** the keychain of a host that has one; without it keys are kept in a file */
  protection?: SecretProtection | null;
  /** gates of a studio's own; they run after the program's */
  furtherGates?: readonly TakeGate[];
}

/** What the hosts have beside: they may name folders and end the Studio. */
export interface Studio extends StudioServices {
  /** Makes a project folder known and opens it; throws what keeps it from opening (project.in-use, project.invalid…). */
  addProject(folder: string): Promise<KnownProject>;
  /** Lets what is being written finish, pauses what can go on later, closes every project. Safe to call twice. */
  close(): Promise<void>;
}

/** How a host gets its Studio; studio.ts has the one that ships. */
export type CreateStudio = (options: StudioOptions) => Promise<Studio>;
