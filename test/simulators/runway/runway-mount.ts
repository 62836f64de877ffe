/** Runway's tasks. Every call names the version of the API; a failure that begins with SAFETY is final. */
import { z } from 'zod';
import { bearerMount } from '../core/bearer.ts';
import { readPictures } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { cancelJob, pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { answerStatus } from '../core/status-faults.ts';
import { clipOf, stillOf } from '../core/wishes.ts';
import { isoTime, type World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { refuseAsRunway } from './runway-errors.ts';

const uri = z.string().regex(/^(https?|data|runway):/, 'must be a URI');
const ratio = z.string().regex(/^\d+:\d+$/);
const seed = z.number().int().min(0).max(4_294_967_295).optional();
const moderation = z.strictObject({ publicFigureThreshold: z.enum(['auto', 'low']) }).optional();
const bodies = {
  image_to_video: z.strictObject({
    model: z.string().min(1),
    promptImage: z.union([
      uri,
      z
        .array(z.strictObject({ uri, position: z.enum(['first', 'last']) }))
        .min(1)
        .max(2),
    ]),
    promptText: z.string().min(1).max(1000).optional(),
    ratio: z.enum(['1280:720', '720:1280', '1104:832', '832:1104', '960:960', '1584:672']),
    duration: z.number().int().min(2).max(10).default(10),
    seed,
    contentModeration: moderation,
  }),
  text_to_image: z.strictObject({
    model: z.string().min(1),
    promptText: z.string().min(1).max(1000),
    ratio,
    seed,
    referenceImages: z
      .array(z.strictObject({ uri, tag: z.string().optional() }))
      .max(3)
      .optional(),
    contentModeration: moderation,
  }),
};
type Verb = keyof typeof bodies;

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  const { method, path, headers } = request;
  if (headers['x-runway-version'] !== '2024-11-06') {
    return json(400, { error: 'The X-Runway-Version header is missing or names no known version.' });
  }
  const [, , place = '', id = ''] = path.split('/');
  if (method === 'GET' && place === 'organization') return json(200, { creditBalance: 100_000 });
  if (method === 'POST' && (place === 'image_to_video' || place === 'text_to_image')) {
    return submit(world, request, place);
  }
  const job = place === 'tasks' ? world.store.job('runway', id) : null;
  if (!job) return refuseAsRunway({ kind: 'not-found' });
  if (method === 'DELETE') {
    if (cancelJob(world, job, { billed: true }) === 'over') world.store.deleteJob(job.id);
    return { ...json(204, ''), body: new Uint8Array(), headers: {} };
  }
  return answerStatus(world, job, {
    refuse: refuseAsRunway,
    answer: () => json(200, describe(world, pollJob(world, job), request.origin)),
  });
}

async function submit(world: World, request: SimulatorRequest, verb: Verb): Promise<Reply> {
  const input = jsonBody(request);
  const read = bodies[verb].safeParse(input);
  if (!read.success) return json(400, { error: `Validation of body failed: ${wordsOf(read.error)}`, issues: [] });
  const body = read.data;
  const fetched = readPictures(world, request.origin, picturesOf(body));
  if ('missing' in fetched) return json(400, { error: `${fetched.missing} could not be fetched.` });
  const [width = 1280, height = 720] = body.ratio.split(':').map(Number);
  return takeSubmit(
    world,
    {
      ...{ provider: 'runway', endpoint: `${body.model}/${verb}`, input, inputs: fetched.inputs },
      ...{ prompt: body.promptText ?? '', seed: body.seed ?? null, parameters: { ...body } },
      media: 'duration' in body ? clipOf({ width, height }, body.duration, false) : stillOf({ width, height }),
    },
    { refuse: refuseAsRunway, accepted: ({ id }) => json(200, { id }) },
  );
}

function picturesOf(body: z.infer<(typeof bodies)[Verb]>): string[] {
  if (!('promptImage' in body))
    return 'referenceImages' in body ? (body.referenceImages ?? []).map((ref) => ref.uri) : [];
  return typeof body.promptImage === 'string' ? [body.promptImage] : body.promptImage.map((picture) => picture.uri);
}

function describe(world: World, job: Job, origin: string) {
  const common = { id: job.id, createdAt: isoTime(job.createdAt) };
  const { failure } = job.effects;
  switch (job.state) {
    case 'queued': {
      const { concurrency } = world.plan().settings;
      const full = concurrency !== null && world.store.countJobs('runway', 'running') >= concurrency;
      return { ...common, status: full ? 'THROTTLED' : 'PENDING' };
    }
    case 'running':
      return { ...common, status: 'RUNNING', progress: 0.5 };
    case 'succeeded':
      return { ...common, status: 'SUCCEEDED', output: [resultUrl(origin, job)] };
    case 'cancelled':
      return { ...common, status: 'CANCELLED' };
    case 'failed': {
      const usual = { policy: 'SAFETY.OUTPUT.VIDEO', input: 'ASSET.INVALID', server: 'INTERNAL.BAD_OUTPUT.CODE01' };
      const failureCode = failure?.code ?? usual[failure?.kind ?? 'server'];
      return { ...common, status: 'FAILED', failure: failure?.message ?? 'The task failed.', failureCode };
    }
  }
}

export const runwayMount = bearerMount('runway', refuseAsRunway, handle);
