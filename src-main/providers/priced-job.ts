import { z } from 'zod';
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
