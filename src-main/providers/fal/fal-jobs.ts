/**
 * What is kept of a request to fal. The addresses are those that fal named; when one does not lie with fal's queue the
 * key must not go there, and the documented form takes its place.
 */
import { z } from 'zod';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import { sha256Schema } from '../../../src-shared/domain/hash.ts';
import { type MicroUsd, microUsdSchema } from '../../../src-shared/domain/money.ts';
import type { ProviderJob } from '../../orchestrator/ports/provider.ts';
import { urlOf } from '../http/api-client.ts';
import { isUnder } from '../http/download-file.ts';
import { inputsOf } from '../http/input-files.ts';

const falJobSchema = z.object({
  endpoint: z.string().min(1),
  status_url: z.string().optional(),
  response_url: z.string().optional(),
  cancel_url: z.string().optional(),
  /** ISO time by our clock */
  sentAt: z.iso.datetime(),
  priceMicroUsd: microUsdSchema,
  /** files of ours that it reads */
  inputs: z.array(sha256Schema).default([]),
});
export type FalJob = z.infer<typeof falJobSchema>;

/** Reads what was kept; a job of another provider is a bug. */
export function falJobOf(job: ProviderJob): FalJob {
  return falJobSchema.parse(job.data);
}

/** What is kept beside the addresses, from the moment of the submit on. */
export function falJobFor(request: GenerationRequest, priceMicroUsd: MicroUsd, sentAt: Date | string) {
  const inputs = inputsOf(request).map(({ hash }) => hash);
  return { endpoint: request.endpoint, sentAt: new Date(sentAt).toISOString(), priceMicroUsd, inputs } satisfies FalJob;
}

export type FalAddress = 'status' | 'response' | 'cancel';

/** Where to ask about a request. */
export function addressOf(job: ProviderJob, which: FalAddress, queueUrl: string): string {
  const kept = falJobOf(job);
  const named = kept[`${which}_url`];
  if (named !== undefined && isUnder(named, [queueUrl])) return named;
  // owner and app only: the queue drops what comes after them
  const app = kept.endpoint.split('/').slice(0, 2).join('/');
  const base = urlOf(queueUrl, `${app}/requests/${encodeURIComponent(job.id)}`);
  return which === 'response' ? base : `${base}/${which}`;
}
