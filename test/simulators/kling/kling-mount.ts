/** Kling's own API: everything in an envelope with a code; `external_task_id` is unique per account. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fromBase64 } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import { isOver, type Job } from '../core/job.ts';
import type { Mount } from '../core/mount.ts';
import { lookAtJob, pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { isSimulatorKey, keyOf } from '../core/sim-key.ts';
import { answerStatus } from '../core/status-faults.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';
import { clipOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { aspectOf, sizeOf } from '../media/frame-size.ts';
import { isSimulatorJwt } from './kling-jwt.ts';

const shared = {
  model_name: z.string().min(1),
  mode: z.enum(['std', 'pro', '4k']).default('std'),
  duration: z.enum(Array.from({ length: 13 }, (_, index) => String(index + 3))).default('5'),
  prompt: z.string().max(2500).optional(),
  negative_prompt: z.string().max(2500).optional(),
  cfg_scale: z.number().min(0).max(1).optional(),
  sound: z.enum(['on', 'off']).default('off'),
  camera_control: z.strictObject({ type: z.string(), config: z.record(z.string(), z.number()).optional() }).optional(),
  external_task_id: z.string().min(1).optional(),
  callback_url: z.string().optional(),
};
const aspect = z.enum(['16:9', '9:16', '1:1']).optional();
const bodies = {
  image2video: z
    .strictObject({
      ...shared,
      image: z.string().min(1).optional(),
      image_tail: z.string().min(1).optional(),
      aspect_ratio: aspect,
    })
    .refine(
      ({ image, image_tail }) => image !== undefined || image_tail !== undefined,
      'image or image_tail is needed',
    ),
  text2video: z.strictObject({ ...shared, prompt: z.string().min(1).max(2500), aspect_ratio: aspect }),
};
type Workflow = keyof typeof bodies;
type Body = z.infer<(typeof bodies)['text2video']> & { image?: string; image_tail?: string };

const lines = { std: 720, pro: 1080, '4k': 2160 };

function envelope(status: number, code: number, message: string, data?: unknown): Reply {
  return json(status, { code, message, request_id: randomUUID(), ...(data === undefined ? {} : { data }) });
}

function refuseAsKling(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return envelope(refusal.status, { 503: 5001, 504: 5002 }[refusal.status] ?? 5000, 'Server error');
    case 'rate-limit': {
      const reply = envelope(429, 1302, 'The API request is too fast, exceeding the platform rate limit');
      return { ...reply, headers: { ...reply.headers, ...retryAfter(refusal.retryAfterSeconds) } };
    }
    case 'policy':
      return envelope(400, 1301, 'Trigger the security strategy of the platform');
    case 'soft':
      return envelope(200, Number(refusal.code ?? 1301), 'Trigger the security strategy of the platform');
    case 'funds':
      return envelope(429, 1102, 'Resource pack depleted or expired');
    case 'unauthorized':
      return envelope(401, 1002, 'Authorization is invalid');
    case 'not-found':
      return envelope(404, 1203, 'The requested resource does not exist');
    case 'conflict':
      return envelope(400, 1201, refusal.message);
    case 'invalid':
      return envelope(400, 1201, refusal.issues[0]?.message ?? 'Invalid request parameters');
  }
}

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
    const bytes = fromBase64(picture);
    if (!bytes) return envelope(400, 1201, 'image must be base64 without a data: prefix');
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
