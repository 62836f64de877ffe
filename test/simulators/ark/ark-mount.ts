/** Ark (Seedance from its maker): tasks that can be listed. DELETE cancels while queued and afterwards wipes the record. */
import { z } from 'zod';
import { hasBearer } from '../core/bearer.ts';
import { readPictures } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import type { Mount } from '../core/mount.ts';
import { cancelJob, lookAtJob, pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { answerStatus } from '../core/status-faults.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';
import { clipOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { aspectOf, linesOf, sizeOf } from '../media/frame-size.ts';

const address = z.strictObject({ url: z.string().min(1) });
const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal('image_url'),
    image_url: address,
    role: z.enum(['first_frame', 'last_frame', 'reference_image']).optional(),
  }),
  z.strictObject({ type: z.literal('video_url'), video_url: address, role: z.literal('reference_video') }),
  z.strictObject({ type: z.literal('audio_url'), audio_url: address, role: z.literal('reference_audio') }),
]);
/** A clip starts from a frame, or is made after references; a picture without a role is a first frame. */
function isOneKindOfWork(parts: z.infer<typeof content>[]): boolean {
  const roles = parts.flatMap((part) => (part.type === 'text' ? [] : [part.role ?? 'first_frame']));
  const count = (role: string) => roles.filter((one) => one === role).length;
  const [first, last] = [count('first_frame'), count('last_frame')];
  const references = roles.length - first - last;
  return first <= 1 && last <= first && (references === 0 || first === 0);
}

const bodySchema = z.strictObject({
  model: z.string().min(1),
  content: z
    .array(content)
    .min(1)
    .refine(isOneKindOfWork, 'Either a first (and last) frame or references, one of each frame.'),
  resolution: z.enum(['480p', '720p', '1080p', '4k']).default('720p'),
  ratio: z.enum(['16:9', '4:3', '1:1', '3:4', '9:16', '21:9', 'adaptive']).default('adaptive'),
  duration: z.number().int().min(2).max(15).default(5),
  seed: z.number().int().min(-1).optional(),
  generate_audio: z.boolean().default(true),
  camera_fixed: z.boolean().optional(),
  watermark: z.boolean().optional(),
  return_last_frame: z.boolean().optional(),
  callback_url: z.string().optional(),
});
type Body = z.infer<typeof bodySchema>;
const withoutSeed = /seedance-2-0/;

const tasks = '/api/v3/contents/generations/tasks';

function arkError(status: number, code: string, message: string, type: string, headers = {}): Reply {
  return json(status, { error: { code, message, param: '', type } }, headers);
}

function refuseAsArk(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return arkError(refusal.status, 'InternalServiceError', 'The service ran into an error.', 'InternalServerError');
    case 'rate-limit':
      return arkError(
        429,
        'RateLimitExceeded.EndpointRPMExceeded',
        'Too many requests.',
        'TooManyRequests',
        retryAfter(refusal.retryAfterSeconds),
      );
    case 'policy':
    case 'soft':
      return arkError(400, 'InputTextSensitiveContentDetected', 'The input may be sensitive.', 'BadRequest');
    case 'funds':
      return arkError(403, 'AccountOverdueError', 'The account has an overdue balance.', 'Forbidden');
    case 'unauthorized':
      return arkError(401, 'AuthenticationError', 'The API key is missing or invalid.', 'Unauthorized');
    case 'not-found':
      return arkError(404, 'ResourceNotFound', 'The specified resource is not found.', 'NotFound');
    case 'conflict':
      return arkError(409, 'OperationDenied', refusal.message, 'Conflict');
    case 'invalid':
      return arkError(400, 'InvalidParameter', refusal.issues[0]?.message ?? 'Invalid parameter.', 'BadRequest');
  }
}

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  const { method, path } = request;
  if (path === tasks) {
    if (method === 'POST') return submit(world, request);
    return method === 'GET' ? list(world, request) : refuseAsArk({ kind: 'not-found' });
  }
  const job = path.startsWith(`${tasks}/`) ? world.store.job('ark', path.slice(tasks.length + 1)) : null;
  if (!job) return refuseAsArk({ kind: 'not-found' });
  if (method === 'DELETE') return cancelOrDelete(world, job);
  return answerStatus(world, job, {
    refuse: refuseAsArk,
    answer: () => json(200, describe(world, pollJob(world, job), request.origin)),
  });
}

async function submit(world: World, request: SimulatorRequest): Promise<Reply> {
  const input = jsonBody(request);
  const read = bodySchema.safeParse(input);
  if (!read.success) return arkError(400, 'InvalidParameter', wordsOf(read.error), 'BadRequest');
  const body = read.data;
  if (body.seed !== undefined && withoutSeed.test(body.model)) {
    return arkError(400, 'InvalidParameter', `seed is not supported by ${body.model}`, 'BadRequest');
  }
  const fetched = readPictures(world, request.origin, urlsIn(body));
  if ('missing' in fetched) {
    return arkError(400, 'InvalidParameter', `${fetched.missing} could not be fetched`, 'BadRequest');
  }
  const { inputs } = fetched;
  const ratio = body.ratio === 'adaptive' ? (aspectOf(inputs[0]) ?? '16:9') : body.ratio;
  const prompt = body.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const refs = body.content.some((part) => 'role' in part && part.role?.startsWith('reference_'));
  return takeSubmit(
    world,
    {
      ...{ provider: 'ark', endpoint: refs ? `${body.model}/references` : body.model, prompt },
      ...{ input, inputs, parameters: { ...body }, seed: body.seed ?? null },
      id: `cgt-${world.newId()}`,
      media: clipOf(sizeOf(ratio, linesOf(body.resolution)), body.duration, body.generate_audio),
    },
    { refuse: refuseAsArk, accepted: ({ id }) => json(200, { id }) },
  );
}

function urlsIn(body: Body): string[] {
  return body.content.flatMap((part) => {
    if (part.type === 'text') return [];
    if (part.type === 'image_url') return [part.image_url.url];
    return [part.type === 'video_url' ? part.video_url.url : part.audio_url.url];
  });
}

function list(world: World, { query, origin }: SimulatorRequest): Reply {
  const page = Number(query.get('page_num') ?? 1);
  const size = Number(query.get('page_size') ?? 20);
  const state = query.get('filter.status');
  const ids = query.getAll('filter.task_ids');
  const model = query.get('filter.model');
  const now = world.now();
  const listed = world.store
    .jobs('ark')
    .filter(({ createdAt }) => now - createdAt >= world.plan().settings.listingLagMs)
    .filter(({ createdAt }) => now - createdAt < 7 * 86_400_000)
    .map((job) => describe(world, lookAtJob(world, job), origin))
    .filter((task) => (state === null || task.status === state) && (ids.length === 0 || ids.includes(task.id)))
    .filter((task) => model === null || task.model === model)
    .reverse();
  return json(200, { items: listed.slice((page - 1) * size, page * size), total: listed.length });
}

function cancelOrDelete(world: World, before: Job): Reply {
  const job = lookAtJob(world, before);
  if (job.state === 'queued') cancelJob(world, job, { billed: false });
  // A job that is running goes on unseen, and is paid for.
  else world.store.deleteJob(job.id);
  return json(200, {});
}

function describe(world: World, job: Job, origin: string) {
  const body = bodySchema.parse(world.store.inputOf(job.id));
  const { failure } = job.effects;
  const error = {
    code:
      failure?.kind === 'policy' ? 'OutputVideoSensitiveContentDetected' : (failure?.code ?? 'InternalServiceError'),
    message: failure?.message ?? '',
  };
  const isDropped = job.state === 'failed' && failure?.code === 'expired';
  const status: string = isDropped ? 'expired' : job.state;
  return {
    ...{ id: job.id, model: body.model, status },
    error: status === 'failed' ? error : null,
    created_at: Math.floor(job.createdAt / 1000),
    updated_at: Math.floor((job.endedAt ?? job.startedAt ?? job.createdAt) / 1000),
    ...(job.state === 'succeeded' ? { content: { video_url: resultUrl(origin, job) } } : {}),
    ...{ seed: body.seed ?? -1, resolution: body.resolution, ratio: body.ratio, duration: body.duration },
    ...{ framespersecond: 24, generate_audio: body.generate_audio },
  };
}

export const arkMount: Mount = {
  prefix: 'ark',
  provider: 'ark',
  isLetIn: hasBearer,
  refused: () => refuseAsArk({ kind: 'unauthorized' }),
  handle,
};
