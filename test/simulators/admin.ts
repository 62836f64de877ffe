/** What tests and people ask of the simulator itself: bill, requests, clock, faults. Only this machine can reach it. */
import { z } from 'zod';
import { faultPlanSchema } from './core/fault-plan.ts';
import { providerNames } from './core/job.ts';
import { json, parseBody, type Reply, type SimulatorRequest } from './core/reply.ts';
import { isoTime, type World } from './core/world.ts';

const clockSchema = z.strictObject({ advanceMs: z.number().int().nonnegative() });

/** Answers the paths that begin with an underscore; null for others. */
export function answerAdmin(world: World, request: SimulatorRequest): Reply | null {
  switch (`${request.method} ${request.path}`) {
    case 'GET /_health':
      return json(200, { ok: true, pid: process.pid, now: isoTime(world.now()), folder: world.folder });
    case 'GET /_bill':
      return readBill(world, request);
    case 'GET /_requests':
      return json(200, { rows: world.store.requests() });
    case 'GET /_faults':
      return json(200, countHits(world));
    case 'POST /_faults':
      return setFaults(world, request);
    case 'POST /_clock': {
      const read = clockSchema.safeParse(parseBody(request));
      if (!read.success) return json(400, { error: z.prettifyError(read.error) });
      world.advanceClock(read.data.advanceMs);
      return json(200, { now: isoTime(world.now()) });
    }
    default:
      return request.path.startsWith('/_') ? json(404, { error: `${request.path} is nothing here` }) : null;
  }
}

const billSchema = z.strictObject({
  provider: z.enum(providerNames).optional(),
  requestId: z.string().optional(),
  externalId: z.string().optional(),
  /** a part of it, for example what marks the shot */
  prompt: z.string().optional(),
});
/** Which rows of the bill are wanted: all that is named fits. */
export type BillQuestion = z.infer<typeof billSchema>;

/** The whole bill, or the rows of one attempt, and what is owed for them. */
function readBill(world: World, { query }: SimulatorRequest): Reply {
  const read = billSchema.safeParse(Object.fromEntries(query));
  if (!read.success) return json(400, { error: z.prettifyError(read.error) });
  const { prompt = '', ...exact } = read.data;
  const names = Object.keys(exact) as (keyof typeof exact)[];
  const rows = world.store
    .bill()
    .filter((row) => row.prompt.includes(prompt) && names.every((name) => row[name] === exact[name]));
  const owed = rows.reduce((sum, row) => sum + (row.refunded ? 0 : row.micro_usd), 0);
  return json(200, { rows, owed_micro_usd: owed });
}

/** A plan that comes in replaces the one before, and its hits count from nothing. */
function setFaults(world: World, request: SimulatorRequest): Reply {
  const read = faultPlanSchema.safeParse(parseBody(request));
  if (!read.success) return json(400, { error: z.prettifyError(read.error) });
  world.setPlan(read.data, { forgetHits: true });
  return json(200, { faults: read.data.faults.length });
}

function countHits(world: World) {
  const faults = world.plan().faults.map(({ id, kind, times }) => ({ id, kind, times, hits: world.store.hits(id) }));
  return { settings: world.plan().settings, faults };
}
