/**
 * Pictures that come with the answer to the submit itself. There is no job to ask for, so the bytes are on the disk before
 * the submit is over, under the id of the attempt: a crash right after finds them again, and a lost answer stays in doubt.
 */
import type { Attempt, AttemptFailure } from '../../src-shared/domain/attempt.ts';
import type { MicroUsd } from '../../src-shared/domain/money.ts';
import type {
  FetchedArtefact,
  PollAnswer,
  ProviderJob,
  ReconcileAnswer,
  ReservationToken,
  SubmitOutcome,
} from '../orchestrator/ports/provider.ts';
import { AppError } from '../platform/app-error.ts';
import { failureOf, type Refine, readSubmitError } from './http/read-errors.ts';
import { sniffFile } from './http/sniff-file.ts';
import { jobIdOf, KeptResults } from './kept-results.ts';
import { type PricedJob, priceOfJob } from './priced-job.ts';

/** An answer that came whole and brought no picture; what it cost is known. */
export class NoPictureError extends Error {
  override readonly name = 'NoPictureError';
  readonly failure: AttemptFailure;
  readonly billedMicroUsd: MicroUsd;

  constructor(failure: AttemptFailure, billedMicroUsd: MicroUsd) {
    super(failure.message);
    this.failure = failure;
    this.billedMicroUsd = billedMicroUsd;
  }
}

/** As `readSubmitError`, for submits that are answered with the picture. */
export function readPictureError(error: unknown, refine: Refine): SubmitOutcome {
  if (!(error instanceof NoPictureError)) return readSubmitError(error, refine);
  return { kind: 'rejected', failure: error.failure, billedMicroUsd: error.billedMicroUsd };
}

export class AnsweredPictures {
  readonly #title: string;
  readonly #prefix: string;
  readonly #results: KeptResults;

  constructor({ title, prefix, folder }: { title: string; prefix: string; folder: string }) {
    this.#title = title;
    this.#prefix = prefix;
    this.#results = new KeptResults(folder);
  }

  /** Keeps the picture of an answer; the job is durable when this returns. `receipt`: the provider's id for the answer. */
  async accept(reservation: ReservationToken, base64: string, receipt: string | null): Promise<ProviderJob> {
    const bytes = Buffer.from(base64, 'base64');
    const extension = sniffFile(bytes.subarray(0, 512));
    if (extension === 'text' || extension === 'unknown') {
      const message = `${this.#title} answered with something that is no picture.`;
      throw new NoPictureError(failureOf('gate_mechanical', 'bad_output', message), reservation.amountMicroUsd);
    }
    const id = jobIdOf(this.#prefix, reservation.attemptId);
    await this.#results.keep(id, extension, bytes);
    const data: PricedJob = { priceMicroUsd: reservation.amountMicroUsd };
    return { id, data: receipt === null ? data : { ...data, receipt } };
  }

  async poll(job: ProviderJob): Promise<PollAnswer> {
    if ((await this.#results.find(job.id)) !== null) return { kind: 'done' };
    const message = `The picture that ${this.#title} answered with is gone from this machine.`;
    const failure = failureOf('transient', 'bad_output', message);
    return { kind: 'failed', failure, billedMicroUsd: priceOfJob(job) };
  }

  async fetch(job: ProviderJob, temporaryPath: string): Promise<FetchedArtefact> {
    const extension = await this.#results.placeAt(job.id, temporaryPath);
    if (extension === null) throw new Error(`The kept picture of job ${job.id} is gone`);
    return { extension, costMicroUsd: priceOfJob(job) };
  }

  /** The provider lists nothing; but a picture that is here already was taken, whatever became of the submit. */
  async reconcile(attempt: Attempt): Promise<ReconcileAnswer> {
    const id = jobIdOf(this.#prefix, attempt.id);
    if ((await this.#results.find(id)) === null) return { kind: 'unsupported' };
    const data: PricedJob = { priceMicroUsd: attempt.reservedMicroUsd };
    return { kind: 'found', job: { id, data } };
  }

  /** Refuses what a person names: an answer that did not come is nowhere to be had. */
  adopt(): never {
    throw new AppError({
      code: 'input.invalid',
      message: `${this.#title} sends a picture once, with its answer: one that was lost cannot be fetched.`,
      hint: 'Say that it was charged, or that it was never taken.',
    });
  }
}
