/**
 * What is kept of a provider's job with its attempt: the provider's own data and, under names of ours beside it, the
 * artefact that was downloaded and how often an unsent request was asked to wait.
 */
import { z } from 'zod';
import type { Attempt } from '../../../src-shared/domain/attempt.ts';
import { sha256Schema } from '../../../src-shared/domain/hash.ts';
import { microUsdSchema } from '../../../src-shared/domain/money.ts';
import type { ProviderJob } from '../ports/provider.ts';

const artefactSchema = z.strictObject({
  takeNumber: z.number().int().positive(),
  /** relative to the project folder */
  path: z.string(),
  sha256: sha256Schema,
  sizeBytes: z.number().int().positive(),
  costMicroUsd: microUsdSchema,
});
/** What is known of a downloaded artefact. */
export type Artefact = z.infer<typeof artefactSchema>;

const jobDataSchema = z.record(z.string(), z.json());

const artefactKey = 'circletake_artefact';
const waitsKey = 'circletake_waits';

/** The artefact that an attempt has in place or is about to; null before it was downloaded. */
export function artefactOf(attempt: Attempt): Artefact | null {
  const parsed = artefactSchema.safeParse(attempt.providerJob?.[artefactKey]);
  return parsed.success ? parsed.data : null;
}

/** The job as its provider gave it, without what we keep beside. */
export function jobOf(attempt: Attempt): ProviderJob | null {
  if (attempt.providerJobId === null) return null;
  const { [artefactKey]: _artefact, [waitsKey]: _waits, ...data } = attempt.providerJob ?? {};
  return { id: attempt.providerJobId, data };
}

type JobRecord = NonNullable<Attempt['providerJob']>;

/** What an attempt keeps of its job: with its artefact once there is one, and how often it had been asked to wait. */
export function jobRecord(attempt: Attempt, job: ProviderJob, artefact: Artefact | null): JobRecord {
  const waits = waitsOf(attempt);
  return {
    ...jobData(job),
    ...(artefact ? { [artefactKey]: artefact } : {}),
    ...(waits > 0 ? { [waitsKey]: waits } : {}),
  };
}

/** A job's own data as JSON can carry it. */
export function jobData({ data }: ProviderJob): JobRecord {
  return jobDataSchema.parse(data);
}

/** How often an attempt has been asked to wait before it was taken. */
export function waitsOf(attempt: Attempt): number {
  const waits = attempt.providerJob?.[waitsKey];
  return typeof waits === 'number' ? waits : 0;
}

/** The record of an intent that was asked to wait once more. */
export function oneMoreWait(attempt: Attempt): Attempt['providerJob'] {
  return { [waitsKey]: waitsOf(attempt) + 1 };
}
