/** What fal's models cost, and what was billed for requests. */
import { z } from 'zod';
import { json, type Reply } from '../core/reply.ts';
import { isoTime, type World } from '../core/world.ts';
import { falEndpointIds } from './fal-endpoints.ts';
import { apiError, badQuery, paginate } from './fal-page.ts';

const dayMs = 86_400_000;

function askedEndpoints(query: URLSearchParams): string[] {
  return query.getAll('endpoint_id').flatMap((ids) => ids.split(','));
}

/** `GET /v1/models/pricing`. */
export function listPrices(world: World, query: URLSearchParams): Reply {
  const asked = askedEndpoints(query);
  const ids = asked.length > 0 ? asked : falEndpointIds;
  const unknown = ids.filter((id) => !falEndpointIds.includes(id));
  if (unknown.length > 0) return apiError(404, 'not_found', `Endpoint not found: ${unknown.join(', ')}`);
  const prices = ids.flatMap((id) => {
    const price = world.prices.listed('fal', id);
    if (!price) return [];
    const unit = price.unit === 'second' ? 'second' : 'image';
    return [{ endpoint_id: id, unit_price: price.microUsd / 1e6, unit, currency: 'USD' }];
  });
  return json(200, { prices, next_cursor: null, has_more: false });
}

const estimateSchema = z.object({
  estimate_type: z.literal('unit_price'),
  endpoints: z.record(z.string(), z.object({ unit_quantity: z.number().positive() })),
});

/** `POST /v1/models/pricing/estimate`. */
export function estimate(world: World, body: unknown): Reply {
  const read = estimateSchema.safeParse(body);
  if (!read.success) return badQuery(read.error);
  const costs = Object.entries(read.data.endpoints).map(
    ([id, { unit_quantity: units }]) => ((world.prices.listed('fal', id)?.microUsd ?? 0) * units) / 1e6,
  );
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return json(200, { estimate_type: 'unit_price', total_cost: total, currency: 'USD' });
}

/** `GET /v1/models/billing-events`. */
export function listBilling(world: World, query: URLSearchParams): Reply {
  const asked = askedEndpoints(query);
  const from = Date.parse(query.get('start') ?? '') || world.now() - dayMs;
  const to = Date.parse(query.get('end') ?? '') || world.now() + 1;
  const owed = new Map(world.store.bill().map((row) => [row.requestId, row]));
  const billed = world.store.jobs('fal').filter((job) => {
    const inTime = job.endedAt !== null && job.endedAt >= from && job.endedAt < to;
    return inTime && owed.get(job.id)?.refunded === false && (asked.length === 0 || asked.includes(job.endpoint));
  });
  const { page, ...rest } = paginate(billed, query.get('cursor') ?? undefined, Number(query.get('limit') ?? 50));
  const items = page.map((job) => ({
    ...{ request_id: job.id, endpoint_id: job.endpoint, timestamp: isoTime(job.endedAt ?? 0) },
    output_units: job.unitMicroUsd > 0 ? job.microUsd / job.unitMicroUsd : 0,
    unit_price: job.unitMicroUsd / 1e6,
    percent_discount: null,
    cost_estimate_nano_usd: job.microUsd * 1000,
  }));
  return json(200, { billing_events: items, ...rest });
}
