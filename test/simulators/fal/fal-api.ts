/** fal's platform API: requests by endpoint, prices, billing events. */
import { z } from 'zod';
import type { Job } from '../core/job.ts';
import { isOver } from '../core/job.ts';
import { lookAtJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { isoTime, type World } from '../core/world.ts';
import { falEndpointIds } from './fal-endpoints.ts';
import { failedResult, refuseAsFal } from './fal-errors.ts';
import { listedOutput } from './fal-queue.ts';

const dayMs = 86_400_000;

/** Everything below api.fal.ai. */
export function falApi(world: World, request: SimulatorRequest): Reply {
  switch (`${request.method} ${request.path}`) {
    case 'GET /v1/models/requests/by-endpoint':
      return listRequests(world, request);
    case 'GET /v1/models/pricing':
      return listPrices(world, request.query);
    case 'POST /v1/models/pricing/estimate':
      return estimate(world, jsonBody(request));
    case 'GET /v1/models/billing-events':
      return listBilling(world, request.query);
    default:
      return refuseAsFal({ kind: 'not-found' });
  }
}

const listQuery = z.object({
  endpoint_id: z.string().min(1),
  start: z.coerce.date().optional(),
  end: z.coerce.date().optional(),
  status: z.enum(['success', 'error', 'user_error']).optional(),
  request_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().optional(),
  expand: z.string().optional(),
  sort_by: z.enum(['ended_at', 'duration']).optional(),
});

function listRequests(world: World, { query, origin }: SimulatorRequest): Reply {
  const read = listQuery.safeParse(Object.fromEntries(query));
  if (!read.success) return badQuery(read.error);
  const { endpoint_id: endpoint, status, request_id: id, expand } = read.data;
  const { listingLagMs, lists } = world.plan().settings;
  const now = world.now();
  const from = read.data.start?.getTime() ?? now - (id ? 90 * dayMs : dayMs);
  const to = read.data.end?.getTime() ?? now + 1;
  const listed = world.store
    .jobs('fal')
    .filter((job) => job.endpoint === endpoint && (id === undefined || job.id === id))
    .filter(({ createdAt }) => createdAt >= from && createdAt < to)
    .filter(({ createdAt }) => now - createdAt >= listingLagMs)
    .map((job) => lookAtJob(world, job))
    .filter(({ state }) => lists === 'all' || isOver(state))
    .filter((job) => status === undefined || statusWord(job) === status)
    .reverse();
  const { page, ...rest } = paginate(listed, read.data.cursor, read.data.limit);
  const withPayloads = expand?.split(',').includes('payloads') ?? false;
  const items = page.map((job) => ({
    ...describe(job),
    ...(withPayloads ? { json_input: world.store.inputOf(job.id), json_output: payloadOf(job, origin) } : {}),
  }));
  return json(200, { items, ...rest });
}

function describe(job: Job) {
  const ms = job.startedAt !== null && job.endedAt !== null ? job.endedAt - job.startedAt : null;
  return {
    request_id: job.id,
    endpoint_id: job.endpoint,
    sent_at: isoTime(job.createdAt),
    started_at: job.startedAt === null ? null : isoTime(job.startedAt),
    ended_at: job.endedAt === null ? null : isoTime(job.endedAt),
    status_code: statusCode(job),
    duration: ms === null ? null : ms / 1000,
  };
}

/** null while nobody knows */
function statusCode(job: Job): number | null {
  if (!isOver(job.state)) return null;
  return job.state === 'succeeded' ? 200 : failedResult(job).status;
}

function statusWord(job: Job): string | null {
  const code = statusCode(job);
  if (code === null) return null;
  if (code < 400) return 'success';
  return code < 500 ? 'user_error' : 'error';
}

function payloadOf(job: Job, origin: string): unknown {
  if (!isOver(job.state)) return null;
  if (job.state === 'succeeded') return listedOutput(job, origin);
  return JSON.parse(Buffer.from(failedResult(job).body).toString('utf8'));
}

/** Pages are numbered from 1; a cursor is the number in base64. */
function paginate<T>(all: T[], cursor: string | undefined, limit: number) {
  const number = cursor ? Number.parseInt(Buffer.from(cursor, 'base64').toString('utf8'), 10) || 1 : 1;
  const more = all.length > number * limit;
  return {
    page: all.slice((number - 1) * limit, number * limit),
    next_cursor: more ? Buffer.from(String(number + 1)).toString('base64') : null,
    has_more: more,
  };
}

function askedEndpoints(query: URLSearchParams): string[] {
  return query.getAll('endpoint_id').flatMap((ids) => ids.split(','));
}

function listPrices(world: World, query: URLSearchParams): Reply {
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

function estimate(world: World, body: unknown): Reply {
  const read = estimateSchema.safeParse(body);
  if (!read.success) return badQuery(read.error);
  const costs = Object.entries(read.data.endpoints).map(
    ([id, { unit_quantity: units }]) => ((world.prices.listed('fal', id)?.microUsd ?? 0) * units) / 1e6,
  );
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return json(200, { estimate_type: 'unit_price', total_cost: total, currency: 'USD' });
}

function listBilling(world: World, query: URLSearchParams): Reply {
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

function badQuery(error: z.ZodError): Reply {
  return apiError(400, 'validation_error', z.prettifyError(error));
}

function apiError(status: number, type: string, message: string): Reply {
  return json(status, { error: { type, message } });
}
