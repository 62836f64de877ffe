/**
 * The provider that is always there: it makes storyboard frames and clips from the project's own refs, without network
 * or price. It behaves as a remote one does: a submit is accepted once per attempt and written down, the job survives a
 * restart of the app, polling starts or resumes the work. Its folder of jobs is its bill.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Attempt, AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import type { FfmpegRunner } from '../../orchestrator/ports/picture-tools.ts';
import type { DurableFiles } from '../../orchestrator/ports/project-files.ts';
import type {
  EndpointCapabilities,
  FetchedArtefact,
  InputUrls,
  ListedJob,
  PollAnswer,
  ProviderAdapter,
  ProviderCapabilities,
  ProviderJob,
  ProviderPayload,
  ReconcileAnswer,
  SubmitOrder,
  SubmitOutcome,
} from '../../orchestrator/ports/provider.ts';
import { AppError, isAbortError } from '../../platform/app-error.ts';
import { renameDurably, syncFile, toFileError } from '../../platform/atomic-file.ts';
import { jobIdOf } from '../kept-results.ts';
import { applyArtefactFault, EmbeddedFault, throwSubmitFault } from './embedded-fault.ts';
import { type EmbeddedJob, embeddedParamsSchema, jobSchema } from './embedded-job.ts';
import type { Rehearsal, RehearsalFault } from './rehearsal.ts';
import { renderJob } from './render-job.ts';
import { writeFlushed } from './write-flushed.ts';

export interface EmbeddedOptions {
  /** folder of accepted jobs and their results; made when missing */
  jobsFolder: string;
  files: DurableFiles;
  ffmpeg: FfmpegRunner;
  resolvePath: (relativePath: string) => string;
  /** read at each submit, so that a changed rehearsal.json counts at once */
  rehearsal: () => Rehearsal | null;
  now: () => Date;
  /** told of a disk that failed where the job goes on all the same */
  onTrouble: (error: unknown) => void;
}

const drawn = { seedSupported: true, maxPromptChars: 10_000, maxRefs: 16, durationsSeconds: null };
const endpoints: Record<string, EndpointCapabilities> = {
  'embedded/still': { ...drawn, modality: 'i2i', phases: ['previs', 'keyframe'] },
  'embedded/clip': { ...drawn, modality: 'i2v', phases: ['video'] },
};

/** How long a poll waits for the render before it says "pending". */
const longPollMs = 2000;

export class EmbeddedProvider implements ProviderAdapter {
  readonly name = 'embedded';
  readonly capabilities: ProviderCapabilities = {
    reconcile: 'byId',
    // a job is its file: it is there or it never will be
    reconcileGraceMs: 0,
    freeCancel: 'none',
    resultTtlMs: null,
    concurrency: 2,
  };
  readonly #options: EmbeddedOptions;
  readonly #renders = new Map<string, Promise<void>>();
  /** submits of each shot's phase, which a rehearsal counts */
  readonly #submits = new Map<string, number>();

  constructor(options: EmbeddedOptions) {
    this.#options = options;
  }

  estimate(_request: GenerationRequest): MicroUsd | null {
    return this.#options.rehearsal()?.price_micro_usd ?? 0;
  }

  endpoint(endpoint: string): EndpointCapabilities | null {
    return endpoints[endpoint] ?? null;
  }

  refusal(request: GenerationRequest): string | null {
    const params = embeddedParamsSchema.safeParse(request.params);
    return params.success ? null : `The parameters do not fit: ${z.prettifyError(params.error)}`;
  }

  payload(request: GenerationRequest): ProviderPayload {
    return { method: 'local', url: request.endpoint, body: request };
  }

  /** The files are here already. */
  async upload(): Promise<InputUrls> {
    return new Map();
  }

  async submit(request: GenerationRequest, { reservation }: SubmitOrder, signal: AbortSignal): Promise<ProviderJob> {
    signal.throwIfAborted();
    const refusal = this.refusal(request);
    if (refusal) throw new EmbeddedFault('rejected', refusal);
    const fault = await this.#faultOf(request);
    throwSubmitFault(fault, 'before-accept');
    const job: EmbeddedJob = {
      id: jobIdOf('emb', reservation.attemptId),
      attemptId: reservation.attemptId,
      request,
      acceptedAt: this.#options.now().toISOString(),
      priceMicroUsd: this.estimate(request) ?? 0,
      fault,
    };
    await this.#accept(job);
    throwSubmitFault(fault, 'after-accept');
    return { id: job.id, data: {} };
  }

  async #accept(job: EmbeddedJob): Promise<void> {
    try {
      await this.#options.files.write(this.#jobPath(job.id), JSON.stringify(job, null, 2));
    } catch (error) {
      // a disk may fail after the file has its name: the job is accepted then, whatever was said
      if (!(await this.#job(job.id))) throw error;
      this.#options.onTrouble(error);
    }
  }

  readSubmitError(error: unknown): SubmitOutcome {
    if (error instanceof EmbeddedFault) return error.submitOutcome();
    // a job's file appears whole or not at all
    if (isDiskFull(error)) return { kind: 'not-sent', failure: diskFull(error) };
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'unknown', failure: { category: 'transient', detail: 'disk', message, retryAfterMs: null } };
  }

  async poll(job: ProviderJob, signal: AbortSignal): Promise<PollAnswer> {
    const record = await this.#job(job.id);
    if (!record) {
      await this.#mustHave(this.#options.jobsFolder);
      const failure = lost(`The embedded engine does not know job ${job.id}; its file is gone.`);
      return { kind: 'failed', failure, billedMicroUsd: 0 };
    }
    if (record.fault === 'late-failure') {
      const failure = lost('The embedded engine stopped during the render (rehearsal).');
      return { kind: 'failed', failure, billedMicroUsd: 0 };
    }
    if (await this.#options.files.exists(this.#resultPath(record))) return { kind: 'done' };
    const render = this.#render(record, signal);
    try {
      const finished = await Promise.race([render.then(() => true), sleep(longPollMs, false, { signal })]);
      return finished ? { kind: 'done' } : { kind: 'pending', progress: null, pollAgainMs: 0 };
    } catch (error) {
      if (error instanceof AppError || isAbortError(error)) throw error;
      await this.#mustHave(this.#options.jobsFolder);
      // the same job would stumble again at each poll: it is over, as a remote engine would say
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', failure: lost(`The embedded engine could not draw this: ${why}`), billedMicroUsd: 0 };
    }
  }

  async fetchResult(job: ProviderJob, temporaryPath: string, signal: AbortSignal): Promise<FetchedArtefact> {
    const record = await this.#job(job.id);
    if (!record) throw new EmbeddedFault('late-failure', `The embedded engine does not know job ${job.id}.`);
    signal.throwIfAborted();
    const bytes = await readFile(this.#resultPath(record));
    await writeFlushed(temporaryPath, applyArtefactFault(bytes, record.fault));
    return { extension: extensionOf(record), costMicroUsd: record.priceMicroUsd };
  }

  readFetchError(error: unknown): AttemptFailure {
    if (error instanceof EmbeddedFault) return error.failure();
    return lost(error instanceof Error ? error.message : String(error));
  }

  async reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    const id = jobIdOf('emb', attempt.id);
    let record = await this.#job(id);
    if (!record) {
      // before its first job the engine has no folder of its own, so the one around it is looked for
      await this.#mustHave(dirname(this.#options.jobsFolder));
      record = await this.#job(id);
    }
    if (record?.fault === 'dropped-unlisted') return { kind: 'unsupported' };
    if (record?.fault === 'dropped-several') return { kind: 'ambiguous', jobs: await this.#listedAround(record) };
    return record ? { kind: 'found', job: { id: record.id, data: {} } } : { kind: 'absent' };
  }

  /** A folder that was taken away says nothing of a job: it is asked about again. */
  async #mustHave(folder: string): Promise<void> {
    if (await this.#options.files.exists(folder)) return;
    throw toFileError(Object.assign(new Error('no folder of jobs'), { code: 'ENOENT' }), folder);
  }

  /** One render per job at a time; it goes on when a poll stops waiting and ends with the signal that started it. */
  #render(record: EmbeddedJob, signal: AbortSignal): Promise<void> {
    const running = this.#renders.get(record.id);
    if (running) return running;
    const work = this.#renderToPlace(record, signal).finally(() => this.#renders.delete(record.id));
    this.#renders.set(record.id, work);
    work.catch(() => {});
    return work;
  }

  async #renderToPlace(record: EmbeddedJob, signal: AbortSignal): Promise<void> {
    const result = this.#resultPath(record);
    const partial = `${result}.partial`;
    const { resolvePath, ffmpeg } = this.#options;
    try {
      await renderJob(record, { outputPath: partial, scratchPrefix: `${result}.scratch`, resolvePath, ffmpeg, signal });
      await syncFile(partial);
      await renameDurably(partial, result);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw toFileError(error, result);
    }
  }

  async #faultOf(request: GenerationRequest): Promise<RehearsalFault | null> {
    const rehearsal = this.#options.rehearsal();
    if (!rehearsal || rehearsal.faults.length === 0) return null;
    const key = `${request.shotId}/${request.phase}`;
    const seen = (this.#submits.get(key) ?? (await this.#acceptedBefore(request))) + 1;
    this.#submits.set(key, seen);
    const hit = rehearsal.faults.find(
      (fault) => fault.shot_id === request.shotId && fault.phase === request.phase && fault.submit === seen,
    );
    return hit?.fault ?? null;
  }

  async #acceptedBefore({ shotId, phase }: GenerationRequest): Promise<number> {
    const jobs = await this.#jobs();
    return jobs.filter(({ request }) => request.shotId === shotId && request.phase === phase).length;
  }

  /** The jobs of about the same time, as a remote engine's page would list them. */
  async #listedAround({ acceptedAt: moment }: EmbeddedJob): Promise<ListedJob[]> {
    const distance = (job: EmbeddedJob) => Math.abs(Date.parse(job.acceptedAt) - Date.parse(moment));
    const nearest = (await this.#jobs()).sort((a, b) => distance(a) - distance(b)).slice(0, 3);
    return nearest.map(({ id, acceptedAt, request }) => ({
      ...{ job: { id, data: {} }, sentAt: acceptedAt },
      note: `${request.model}: ${request.prompt.slice(0, 80)}`,
    }));
  }

  async #jobs(): Promise<EmbeddedJob[]> {
    const names = await readdir(this.#options.jobsFolder).catch(() => [] as string[]);
    const jobs = await Promise.all(
      names.filter((name) => name.endsWith('.job.json')).map((name) => this.#job(name.slice(0, -9))),
    );
    return jobs.filter((job) => job !== null);
  }

  async #job(id: string): Promise<EmbeddedJob | null> {
    const text = await readFile(this.#jobPath(id), 'utf8').catch(() => null);
    return text === null ? null : jobSchema.parse(JSON.parse(text));
  }

  #jobPath(id: string): string {
    return join(this.#options.jobsFolder, `${id}.job.json`);
  }

  #resultPath(record: EmbeddedJob): string {
    return join(this.#options.jobsFolder, `${record.id}.result${extensionOf(record)}`);
  }
}

function isDiskFull(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'disk.full';
}

function diskFull(error: AppError): AttemptFailure {
  return { category: 'budget', detail: 'disk', message: error.message, retryAfterMs: null };
}

function extensionOf(record: EmbeddedJob): '.png' | '.mp4' {
  return record.request.output.kind === 'still' ? '.png' : '.mp4';
}

function lost(message: string): AttemptFailure {
  return { category: 'transient', detail: 'server', message, retryAfterMs: null };
}
