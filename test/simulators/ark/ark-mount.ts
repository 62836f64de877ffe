/** Ark (Seedance from its maker): tasks that can be listed. DELETE cancels while queued and afterwards wipes the record. */
import { bearerMount } from '../core/bearer.ts';
import { readPictures } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { cancelJob, lookAtJob, pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { answerStatus } from '../core/status-faults.ts';
import { clipOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { aspectOf, linesOf, sizeOf } from '../media/frame-size.ts';
import { type ArkBody, bodySchema } from './ark-body.ts';
import { arkError, refuseAsArk } from './ark-errors.ts';

const tasks = '/api/v3/contents/generations/tasks';

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

function urlsIn(body: ArkBody): string[] {
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

export const arkMount = bearerMount('ark', refuseAsArk, handle);
