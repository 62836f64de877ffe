/** What tests and people ask of the simulator itself: bill, requests, clock, faults. Only this machine can reach it. */
import { z } from 'zod';
import { faultPlanSchema } from './core/fault-plan.ts';
import { json, parseBody, type Reply, type SimulatorRequest } from './core/reply.ts';
import { isoTime, type World } from './core/world.ts';

const clockSchema = z.strictObject({ advanceMs: z.number().int().nonnegative() });

/** Answers the paths that begin with an underscore; null for others. */
export function answerAdmin(world: World, request: SimulatorRequest): Reply | null {
  switch (`${request.method} ${request.path}`) {
    case 'GET /_health':
      return json(200, { ok: true, pid: process.pid, now: isoTime(world.now()), folder: world.folder });
    case 'GET /_bill':
      return json(200, { rows: world.store.bill() });
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
