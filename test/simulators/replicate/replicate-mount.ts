/** Replicate's predictions. A running one that is cancelled is charged; one that had not begun is aborted and free. */
import { z } from 'zod';
import { bearerMount } from '../core/bearer.ts';
import { readPictures } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { cancelJob, lookAtJob, pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultUrl } from '../core/result-url.ts';
import { answerStatus } from '../core/status-faults.ts';
import { isoTime, type World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { problem, refuseAsReplicate } from './replicate-errors.ts';
import { keepFile, keptFile, sendFile } from './replicate-files.ts';
import { replicateModel } from './replicate-models.ts';

const submission = /^\/v1\/models\/([\w.-]+\/[\w.-]+)\/predictions$/;
const bodySchema = z.strictObject({
  input: z.record(z.string(), z.unknown()),
  webhook: z.string().optional(),
  webhook_events_filter: z.array(z.string()).optional(),
});

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  const { method, path, origin } = request;
  const [, model] = submission.exec(path) ?? [];
  if (model) return method === 'POST' ? submit(world, request, model) : refuseAsReplicate({ kind: 'not-found' });
  if (method === 'GET' && path === '/v1/account') return json(200, { type: 'organization', username: 'simulated' });
  if (method === 'GET' && path === '/v1/predictions') return list(world, request);
  if (path.startsWith('/v1/files')) return files(world, request);
  const [, , predictions, id = '', verb] = path.split('/');
  const job = predictions === 'predictions' ? world.store.job('replicate', id) : null;
  if (!job) return refuseAsReplicate({ kind: 'not-found' });
  if (method === 'POST' && verb === 'cancel') {
    cancelJob(world, job, { billed: true });
    return json(200, describe(world, world.store.job('replicate', id) ?? job, origin));
  }
  return answerStatus(world, job, {
    refuse: refuseAsReplicate,
    answer: () => json(200, describe(world, pollJob(world, job), origin)),
  });
}

async function files(world: World, request: SimulatorRequest): Promise<Reply> {
  if (request.method === 'GET') return sendFile(world, request.path.slice('/v1/files/'.length));
  return (await keepFile(world, request)) ?? problem(400, 'Bad request', 'content is missing');
}

async function submit(world: World, request: SimulatorRequest, name: string): Promise<Reply> {
  const model = replicateModel(name);
  if (!model) return refuseAsReplicate({ kind: 'not-found' });
  const read = bodySchema.safeParse(jsonBody(request));
  const input = read.success ? model.input.safeParse(read.data.input) : read;
  if (!input.success) return problem(422, 'Input validation failed', `- input: ${wordsOf(input.error)}\n`);
  const parameters = input.data as Record<string, unknown>;
  const urls = model.files.flatMap((field) => (typeof parameters[field] === 'string' ? [parameters[field]] : []));
  const fetched = readPictures(world, request.origin, urls, keptFile);
  if ('missing' in fetched) return problem(422, 'Input validation failed', `- ${fetched.missing} cannot be fetched\n`);
  return takeSubmit(
    world,
    {
      ...{ provider: 'replicate', endpoint: name, input: jsonBody(request), parameters, inputs: fetched.inputs },
      ...{ prompt: String(parameters.prompt), media: model.media(parameters, fetched.inputs) },
      seed: typeof parameters.seed === 'number' ? parameters.seed : null,
      id: world.newId().replaceAll('-', '').slice(0, 26),
    },
    { refuse: refuseAsReplicate, accepted: (job) => json(201, describe(world, job, request.origin)) },
  );
}

const pageSize = 100;

function list(world: World, { query, origin }: SimulatorRequest): Reply {
  const from = Number(query.get('cursor') ?? 0);
  const after = Date.parse(query.get('created_after') ?? '') || 0;
  const before = Date.parse(query.get('created_before') ?? '') || Number.POSITIVE_INFINITY;
  const listed = world.store
    .jobs('replicate')
    .filter(({ createdAt }) => world.now() - createdAt >= world.plan().settings.listingLagMs)
    .filter(({ createdAt }) => createdAt >= after && createdAt < before)
    .reverse();
  const at = (cursor: number) => `${origin}/replicate/v1/predictions?cursor=${cursor}`;
  return json(200, {
    previous: from > 0 ? at(Math.max(0, from - pageSize)) : null,
    next: listed.length > from + pageSize ? at(from + pageSize) : null,
    results: listed.slice(from, from + pageSize).map((job) => describe(world, lookAtJob(world, job), origin)),
  });
}

function wordOf({ state, startedAt }: Job): string {
  if (state === 'queued') return 'starting';
  if (state === 'running') return 'processing';
  if (state === 'cancelled') return startedAt === null ? 'aborted' : 'canceled';
  return state;
}

function describe(world: World, job: Job, origin: string) {
  const gone = job.endedAt !== null && job.endedAt + world.plan().settings.resultTtlMs < world.now();
  const { failure } = job.effects;
  const words = failure?.kind === 'policy' ? 'The input or output was flagged as sensitive (E005).' : failure?.message;
  const url = `${origin}/replicate/v1/predictions/${job.id}`;
  return {
    ...{ id: job.id, model: job.endpoint, version: 'hidden', status: wordOf(job), logs: '', data_removed: gone },
    // An hour after its end nobody gets it back.
    input: gone ? {} : (world.store.inputOf(job.id) as { input: unknown }).input,
    output: job.state === 'succeeded' && !gone ? resultUrl(origin, job) : null,
    error: job.state === 'failed' ? (words ?? 'failed') : null,
    created_at: isoTime(job.createdAt),
    started_at: job.startedAt === null ? null : isoTime(job.startedAt),
    completed_at: job.endedAt === null ? null : isoTime(job.endedAt),
    metrics: job.endedAt === null ? {} : { predict_time: (job.endedAt - (job.startedAt ?? job.endedAt)) / 1000 },
    urls: { get: url, cancel: `${url}/cancel` },
  };
}

export const replicateMount = bearerMount('replicate', refuseAsReplicate, handle);
