/**
 * Pictures that come with the answer to the submit itself. There is no job to ask for, so the bytes are on the disk before
 * the submit is over, under the id of the attempt: a crash right after finds them again, and a lost answer stays in doubt.
 */
import type { ProviderAdapter, ProviderJob, ReservationToken } from '../orchestrator/ports/provider.ts';
import { AppError } from '../platform/app-error.ts';
import { EmptyAnswerError, ReadFailure } from './http/http-errors.ts';
import { failureOf } from './http/read-errors.ts';
import { sniffFile } from './http/sniff-file.ts';
import { jobIdOf, KeptResults } from './kept-results.ts';
import { jobAtPrice, priceOfJob } from './priced-job.ts';

/** What an adapter does with a picture once it is here; a provider's own jobs are not asked for. */
export interface AnsweredPictures
  extends Required<Pick<ProviderAdapter, 'poll' | 'fetchResult' | 'reconcile' | 'adopt'>> {
  /** Keeps the picture of an answer; the job is durable when this returns. `receipt`: the provider's id for the answer. */
  accept(reservation: ReservationToken, base64: string, receipt: string | null): Promise<ProviderJob>;
}

/** Keeps the pictures of one provider in its folder of the project. */
export function keepAnsweredPictures(of: { title: string; prefix: string; folder: string }): AnsweredPictures {
  const { title, prefix, folder } = of;
  const results = new KeptResults(folder);
  const goneHere = `The picture that ${title} answered with is gone from this machine.`;
  return {
    async accept({ attemptId, amountMicroUsd }, base64, receipt) {
      const bytes = Buffer.from(base64, 'base64');
      const extension = sniffFile(bytes.subarray(0, 512));
      if (extension === 'text' || extension === 'unknown') {
        const message = `${title} answered with something that is no picture.`;
        throw new EmptyAnswerError(failureOf('gate_mechanical', 'bad_output', message), amountMicroUsd);
      }
      const { id, data } = jobAtPrice(jobIdOf(prefix, attemptId), amountMicroUsd);
      await results.keep(id, extension, bytes);
      return { id, data: receipt === null ? data : { ...data, receipt } };
    },
    async poll(job) {
      if ((await results.find(job.id)) !== null) return { kind: 'done' };
      const failure = failureOf('transient', 'bad_output', goneHere);
      return { kind: 'failed', failure, billedMicroUsd: priceOfJob(job) };
    },
    async fetchResult(job, temporaryPath) {
      const extension = await results.placeAt(job.id, temporaryPath);
      if (extension !== null) return { extension, costMicroUsd: priceOfJob(job) };
      throw new ReadFailure(failureOf('transient', 'bad_output', goneHere));
    },
    /** The provider lists nothing; but a picture that is here already was taken, whatever became of the submit. */
    async reconcile(attempt) {
      const id = jobIdOf(prefix, attempt.id);
      if ((await results.find(id)) === null) return { kind: 'unsupported' };
      return { kind: 'found', job: jobAtPrice(id, attempt.reservedMicroUsd) };
    },
    /** Refuses what a person names: an answer that did not come is nowhere to be had. */
    adopt(): never {
      throw new AppError({
        code: 'input.invalid',
        message: `${title} sends a picture once, with its answer: one that was lost cannot be fetched.`,
        hint: 'Say that it was charged, or that it was never taken.',
      });
    },
  };
}
