import { z } from 'zod';
import { microUsdSchema } from '../../src-shared/domain/money.ts';
import type { ProviderJob } from '../orchestrator/ports/provider.ts';

const pricedJobSchema = z.object({ priceMicroUsd: microUsdSchema });
/** What a job carries where the provider names no price with its result: the one that was reserved. */
export type PricedJob = z.infer<typeof pricedJobSchema>;

/** The price that a job was sent for. */
export function priceOfJob(job: ProviderJob): number {
  return pricedJobSchema.parse(job.data).priceMicroUsd;
}
