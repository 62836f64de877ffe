import { z } from 'zod';
import type { GenerationRequest } from './attempt.ts';
import { type MicroUsd, microUsdSchema } from './money.ts';

/** One price as a provider names it, with where and when it was read. */
const priceEntrySchema = z.strictObject({
  provider: z.string(),
  endpoint: z.string(),
  /** `take`: a request costs so much. `second`: a second of the clip that was asked for does. */
  unit: z.enum(['take', 'second']),
  microUsd: microUsdSchema,
  /** parameters a request must have for this price to hold; the first entry that fits counts */
  when: z.record(z.string(), z.json()).default({}),
  source: z.string().min(1),
  seenOn: z.iso.date(),
  /** not from the provider's own pages */
  secondary: z.boolean().default(false),
});
export type PriceEntry = z.infer<typeof priceEntrySchema>;

/** `resources/prices.v1.json`. */
export const priceTableSchema = z.strictObject({
  schema_version: z.literal('prices.v1'),
  /** recorded with every attempt */
  version: z.string().min(1),
  entries: z.array(priceEntrySchema),
});
export type PriceTable = z.infer<typeof priceTableSchema>;

type Priced = Pick<GenerationRequest, 'provider' | 'endpoint' | 'params' | 'output'>;

/** The entry that holds for a request; null when its price is not known. */
function priceEntryOf(table: PriceTable, request: Priced): PriceEntry | null {
  const fits = ({ provider, endpoint, when }: PriceEntry) =>
    provider === request.provider &&
    endpoint === request.endpoint &&
    Object.entries(when).every(([name, value]) => JSON.stringify(request.params[name]) === JSON.stringify(value));
  return table.entries.find(fits) ?? null;
}

/** What a request costs; null when that is not known, and then it is never sent. Rounded up to the micro-dollar. */
export function priceOf(table: PriceTable, request: Priced): MicroUsd | null {
  const entry = priceEntryOf(table, request);
  if (!entry) return null;
  if (entry.unit === 'take') return entry.microUsd;
  const { durationSeconds } = request.output;
  return durationSeconds === null ? null : Math.ceil(entry.microUsd * durationSeconds);
}
