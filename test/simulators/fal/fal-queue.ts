/** fal's queue: which request is meant, its status and its cancel, word for word. */
import type { Job } from '../core/job.ts';
import { cancelJob, pollJob } from '../core/progress.ts';
import { json, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { answerStatus } from '../core/status-faults.ts';
import { isoTime, type World } from '../core/world.ts';
import { failureWords, refuseAsFal } from './fal-errors.ts';
import { result } from './fal-results.ts';
import { submit } from './fal-submit.ts';
import { appOf, urlsOf } from './fal-urls.ts';

/** Everything below queue.fal.run. */
export async function falQueue(world: World, request: SimulatorRequest): Promise<Reply> {
  const segments = request.path.split('/').filter((part) => part !== '');
  const at = segments.indexOf('requests');
  if (at < 0) return request.method === 'POST' ? submit(world, request, segments.join('/')) : methodNotAllowed();
  // Owner and app only: with the sub-path in it there is no such address.
  if (at !== 2) return methodNotAllowed();
  const [id = '', verb] = segments.slice(at + 1);
  const job = world.store.job('fal', id);
  const ofThisApp = job !== null && appOf(job.endpoint) === segments.slice(0, 2).join('/');
  if (verb === 'cancel' && request.method === 'PUT') return ofThisApp ? cancel(world, job) : cancelUnknown();
  if (request.method !== 'GET') return methodNotAllowed();
  if (!ofThisApp) return refuseAsFal({ kind: 'not-found' });
  if (verb === 'status') return status(world, request, job);
  return verb === undefined ? result(world, request, job) : refuseAsFal({ kind: 'not-found' });
}

function status(world: World, request: SimulatorRequest, before: Job): Promise<Reply> {
  return answerStatus(world, before, {
    refuse: refuseAsFal,
    answer: () => {
      const job = pollJob(world, before);
      const logs = request.query.get('logs') === '1' ? logsOf(job) : null;
      const common = { request_id: job.id, ...urlsOf(request.origin, job), logs };
      if (job.state === 'queued') {
        return json(202, { status: 'IN_QUEUE', ...common, queue_position: world.store.countAhead(job.id) });
      }
      if (job.state === 'running') return json(202, { status: 'IN_PROGRESS', ...common });
      const ranMs = job.startedAt === null ? 0 : (job.endedAt ?? 0) - job.startedAt;
      return json(200, {
        ...{ status: 'COMPLETED', ...common },
        metrics: { inference_time: ranMs / 1000 },
        ...(failureWords(job) ?? {}),
      });
    },
  });
}

function cancel(world: World, job: Job): Reply {
  return cancelJob(world, job, { billed: false }) === 'over'
    ? json(400, { status: 'ALREADY_COMPLETED' })
    : json(202, { status: 'CANCELLATION_REQUESTED' });
}

function cancelUnknown(): Reply {
  return json(404, { status: 'NOT_FOUND' });
}

function methodNotAllowed(): Reply {
  return json(405, { detail: 'Method Not Allowed' });
}

function logsOf(job: Job) {
  const line = (message: string, at: number) => ({
    ...{ message, level: 'INFO', source: 'app', timestamp: isoTime(at) },
  });
  return [
    ...(job.startedAt === null ? [] : [line('Started', job.startedAt)]),
    ...(job.endedAt === null ? [] : [line(job.state === 'succeeded' ? 'Done' : 'Ended with an error', job.endedAt)]),
  ];
}
