/** fal's list of an endpoint's requests: late by as much as the plan says, the newest first, with payloads where they are wanted. */
import { z } from 'zod';
import type { Job } from '../core/job.ts';
import { isOver } from '../core/job.ts';
import { lookAtJob } from '../core/progress.ts';
import { json, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { isoTime, type World } from '../core/world.ts';
import { failedResult } from './fal-errors.ts';
import { badQuery, paginate } from './fal-page.ts';
import { listedOutput } from './fal-results.ts';

const dayMs = 86_400_000;

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

/** `GET /v1/models/requests/by-endpoint`. */
export function listRequests(world: World, { query, origin }: SimulatorRequest): Reply {
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
