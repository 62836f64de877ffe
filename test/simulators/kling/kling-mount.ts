/** Kling's own API: everything in an envelope with a code; `external_task_id` is unique per account. */
import { pictureIn } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import { isOver, type Job } from '../core/job.ts';
import type { Mount } from '../core/mount.ts';
import { lookAtJob, pollJob } from '../core/progress.ts';
import { jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { isSimulatorKey, keyOf } from '../core/sim-key.ts';
import { answerStatus } from '../core/status-faults.ts';
import { clipOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { aspectOf, sizeOf } from '../media/frame-size.ts';
import { type Body, bodies, type Workflow } from './kling-bodies.ts';
import { envelope, refuseAsKling } from './kling-errors.ts';
import { isSimulatorJwt } from './kling-jwt.ts';

const lines = { std: 720, pro: 1080, '4k': 2160 };

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  const [, , kind, workflow = '', id] = request.path.split('/');
  if (kind !== 'videos' || !(workflow === 'image2video' || workflow === 'text2video')) {
    return refuseAsKling({ kind: 'not-found' });
  }
  if (request.method === 'POST' && id === undefined) return submit(world, request, workflow);
  if (request.method !== 'GET') return envelope(405, 1200, 'Method not allowed');
  if (id === undefined) return list(world, request, workflow);
  // Either id is understood.
  const job = world.store.job('kling', id) ?? world.store.jobByExternalId('kling', id);
  if (!job?.endpoint.endsWith(`/${workflow}`)) return refuseAsKling({ kind: 'not-found' });
  return answerStatus(world, job, {
    refuse: refuseAsKling,
    answer: () => envelope(200, 0, 'SUCCEED', describe(pollJob(world, job), request.origin)),
  });
}

async function submit(world: World, request: SimulatorRequest, workflow: Workflow): Promise<Reply> {
  const input = jsonBody(request);
  const read = bodies[workflow].safeParse(input);
  if (!read.success) return envelope(400, 1201, wordsOf(read.error));
  const body: Body = { prompt: '', ...read.data };
  const inputs: Uint8Array[] = [];
  for (const picture of [body.image, body.image_tail]) {
    if (picture === undefined) continue;
    const bytes = pictureIn(picture);
    if (!bytes) return envelope(400, 1201, 'image must be a picture in base64 without a data: prefix');
    inputs.push(bytes);
  }
  const externalId = body.external_task_id ?? null;
  if (externalId !== null && world.store.jobByExternalId('kling', externalId)) {
    return refuseAsKling({ kind: 'conflict', message: `external_task_id ${externalId} already exists` });
  }
  if (isFull(world)) return envelope(429, 1303, 'The number of parallel tasks is above the limit of the resource pack');
  const size = sizeOf(body.aspect_ratio ?? aspectOf(inputs[0]) ?? '16:9', lines[body.mode]);
  return takeSubmit(
    world,
    {
      ...{ provider: 'kling', endpoint: `${body.model_name}/${workflow}`, prompt: body.prompt, seed: null },
      ...{ input, inputs, externalId, parameters: { ...body } },
      media: clipOf(size, Number(body.duration), body.sound === 'on'),
    },
    {
      refuse: refuseAsKling,
      accepted: (job) => envelope(200, 0, 'SUCCEED', describe(job, request.origin)),
    },
  );
}

/** Kling has no queue for what an account may not run yet: it refuses. */
function isFull(world: World): boolean {
  const { concurrency } = world.plan().settings;
  if (concurrency === null) return false;
  const open = world.store.jobs('kling').filter((job) => !isOver(lookAtJob(world, job).state));
  return open.length >= concurrency;
}

function list(world: World, { query, origin }: SimulatorRequest, workflow: Workflow): Reply {
  const page = Number(query.get('pageNum') ?? 1);
  const size = Number(query.get('pageSize') ?? 30);
  if (!(page >= 1 && page <= 1000 && size >= 1 && size <= 500)) return envelope(400, 1201, 'Invalid page');
  const listed = world.store
    .jobs('kling')
    .filter((job) => job.endpoint.endsWith(`/${workflow}`))
    .filter(({ createdAt }) => world.now() - createdAt >= world.plan().settings.listingLagMs)
    .reverse()
    .slice((page - 1) * size, page * size)
    .map((job) => describe(lookAtJob(world, job), origin));
  return envelope(200, 0, 'SUCCEED', listed);
}

const words = {
  queued: 'submitted',
  running: 'processing',
  succeeded: 'succeed',
  failed: 'failed',
  cancelled: 'failed',
} as const;

function describe(job: Job, origin: string) {
  const ended = job.endedAt !== null;
  const video = {
    id: `${job.id}-0`,
    url: resultUrl(origin, job),
    duration: String(job.media.durationSeconds),
  };
  return {
    task_id: job.id,
    task_status: words[job.state],
    task_info: job.externalId === null ? {} : { external_task_id: job.externalId },
    created_at: job.createdAt,
    updated_at: job.endedAt ?? job.startedAt ?? job.createdAt,
    ...(ended ? { task_status_msg: failureMessage(job) } : {}),
    ...(job.state === 'succeeded' ? { task_result: { videos: [video] } } : {}),
  };
}

function failureMessage({ effects }: Job): string {
  if (!effects.failure) return '';
  return effects.failure.kind === 'policy'
    ? 'Failure to pass the risk control system'
    : (effects.failure.code ?? effects.failure.message);
}

export const klingMount: Mount = {
  prefix: 'kling',
  provider: 'kling',
  isLetIn: ({ headers }) => {
    const key = keyOf(headers.authorization, 'Bearer');
    return isSimulatorKey(key) || isSimulatorJwt(key, Date.now());
  },
  refused: () => refuseAsKling({ kind: 'unauthorized' }),
  handle,
};
