import { z } from 'zod';
import type { Attempt } from '../../src-shared/domain/attempt.ts';
import { type MicroUsd, microUsdSchema } from '../../src-shared/domain/money.ts';
import type { ProviderJob } from '../orchestrator/ports/provider.ts';

const pricedJobSchema = z.object({ priceMicroUsd: microUsdSchema });
/** What a job carries where the provider names no price with its result: the one that was reserved. */
export type PricedJob = z.infer<typeof pricedJobSchema>;

/** The price that a job was sent for. */
export function priceOfJob(job: ProviderJob): number {
  return pricedJobSchema.parse(job.data).priceMicroUsd;
}

/** A job that is paid as it was reserved. */
export function jobAtPrice(id: string, priceMicroUsd: MicroUsd): ProviderJob {
  const data: PricedJob = { priceMicroUsd };
  return { id, data };
}

/** A job that a person names by its id alone: what fetching it needs beside is the price that is held for it. */
export function adoptAtPrice({ reservedMicroUsd }: Pick<Attempt, 'reservedMicroUsd'>, id: string): ProviderJob {
  const data: PricedJob = { priceMicroUsd: reservedMicroUsd };
  return { id, data };
}
