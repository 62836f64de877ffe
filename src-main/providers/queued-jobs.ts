/** Jobs that wait in a provider's queue: an id with the submit, a file that is named when it is made, the price as reserved. */
import type { z } from 'zod';
import type { CancelAnswer, ProviderAdapter, ProviderJob } from '../orchestrator/ports/provider.ts';
import type { ApiClient } from './http/api-client.ts';
import { type DownloadOrder, downloadFile } from './http/download-file.ts';
import { ReadFailure } from './http/http-errors.ts';
import { failureOf } from './http/read-errors.ts';
import { jobAtPrice, priceOfJob } from './priced-job.ts';
import type { SendJob } from './remote-provider.ts';

/** Sends a submit that is answered with the id of its job. */
export function sendForId(client: ApiClient, schema: z.ZodType<{ id: string }>): SendJob {
  return async (call, { reservation }, signal) => {
    const { id } = await client.json(call, schema, signal);
    return jobAtPrice(id, reservation.amountMicroUsd);
  };
}

/** Nothing is asked for a job that has begun, or is over: it is paid for, and fetched. */
export function tooLateToCancel(title: string, isRunning: boolean): CancelAnswer {
  const message = isRunning ? `${title} has begun it: it is paid for, and fetched.` : `It is over at ${title} already.`;
  return { kind: 'too-late', message };
}

/** What to fetch, and which of its addresses may see the key. */
export type NamedFile = Pick<DownloadOrder, 'url' | 'ownUrls'>;

/** Fetches the file that a provider names when it is done, for the price at which the job was sent. */
export function fetchNamedFile(
  client: ApiClient,
  fileOf: (job: ProviderJob, signal: AbortSignal) => Promise<NamedFile | null>,
): ProviderAdapter['fetchResult'] {
  return async (job, temporaryPath, signal) => {
    const file = await fileOf(job, signal);
    if (file === null) {
      const message = `${client.title} says it is done and names no file.`;
      throw new ReadFailure(failureOf('transient', 'bad_output', message));
    }
    const extension = await downloadFile(client, { ...file, temporaryPath }, signal);
    return { extension, costMicroUsd: priceOfJob(job) };
  };
}
