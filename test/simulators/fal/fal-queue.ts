/** fal's queue: submit, status, result, cancel, word for word. */

import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { cancelJob, lookAtJob, pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { answerStatus } from '../core/status-faults.ts';
import type { InputIssue } from '../core/voice.ts';
import { isoTime, type World } from '../core/world.ts';
import { type FalEndpoint, falEndpoint, promptOf } from './fal-endpoints.ts';
import { failedResult, failureWords, issuesOf, isTriedAgain, modelError, refuseAsFal } from './fal-errors.ts';
import { describeFile, fetchInput, nameFile } from './fal-files.ts';

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

/** "fal-ai/veo3.1/image-to-video" → "fal-ai/veo3.1": what the urls of a request name. */
export function appOf(endpoint: string): string {
  return endpoint.split('/').slice(0, 2).join('/');
}

function urlsOf(origin: string, { id, endpoint }: Job) {
  const response = `${origin}/fal-queue/${appOf(endpoint)}/requests/${id}`;
  return { response_url: response, status_url: `${response}/status`, cancel_url: `${response}/cancel` };
}

async function submit(world: World, request: SimulatorRequest, id: string): Promise<Reply> {
  const endpoint = falEndpoint(id);
  if (!endpoint) return json(404, { detail: `Application '${appOf(id)}' not found` });
  const input = jsonBody(request);
  const checked = await checkInput(world, request.origin, endpoint, input);
  const { falValidates } = world.plan().settings;
  if ('issues' in checked) {
    if (falValidates === 'submit') return modelError(checked.issues);
    return json(200, queuedForNothing(world, request.origin, endpoint, input, checked.issues));
  }
  const limit = Number(request.query.get('fal_max_queue_length') ?? Number.NaN);
  if (countQueued(world) >= limit) return refuseAsFal({ kind: 'rate-limit', retryAfterSeconds: null });
  const { parameters, inputs } = checked;
  const seed = typeof parameters.seed === 'number' ? parameters.seed : null;
  return takeSubmit(
    world,
    {
      ...{ provider: 'fal', endpoint: id, input, parameters, inputs, seed },
      prompt: promptOf(parameters),
      repeats: (errorType) => request.headers['x-fal-no-retry'] !== '1' && isTriedAgain(errorType),
      media: endpoint.media(parameters, inputs),
    },
    {
      refuse: refuseAsFal,
      accepted: (job) =>
        json(200, {
          ...{ status: 'IN_QUEUE', request_id: job.id },
          ...urlsOf(request.origin, job),
          queue_position: Math.max(0, countQueued(world) - 1),
        }),
    },
  );
}

async function checkInput(
  world: World,
  origin: string,
  endpoint: FalEndpoint,
  input: unknown,
): Promise<{ issues: InputIssue[] } | { parameters: Record<string, unknown>; inputs: Uint8Array[] }> {
  const read = endpoint.input.safeParse(input);
  if (!read.success) return { issues: issuesOf(read.error) };
  const inputs: Uint8Array[] = [];
  for (const name of endpoint.files) {
    const urls = [read.data[name] ?? []].flat() as string[];
    for (const url of urls) {
      const file = await fetchInput(world, origin, url);
      if (!file) {
        return {
          issues: [{ loc: ['body', name], message: 'Failed to download the file', type: 'file_download_error' }],
        };
      }
      inputs.push(file);
    }
  }
  return { parameters: read.data, inputs };
}

/** The runner finds the bad input: accepted, not billed, and COMPLETED with the 422 as its result. */
function queuedForNothing(world: World, origin: string, endpoint: FalEndpoint, input: unknown, issues: InputIssue[]) {
  const job: Job = {
    ...{ id: world.newId(), provider: 'fal', endpoint: endpoint.id, externalId: null, requestSha256: '', prompt: '' },
    ...{ seed: null, inputSha256s: [], microUsd: 0, unitMicroUsd: 0, ordinals: {}, state: 'queued', polls: 0 },
    ...{ startedAtPoll: null, createdAt: world.now(), startedAt: null, endedAt: null },
    media: { kind: 'still', width: 2, height: 2, durationSeconds: null, audio: false, format: 'png', count: 1 },
    effects: {
      ...{
        extraPolls: 0,
        extraMs: 0,
        defect: null,
        otherPicture: null,
        duplicateOf: null,
        isLarge: false,
        cancelTooLate: false,
      },
      failure: { kind: 'input', message: issues[0]?.message ?? '', code: issues[0]?.type ?? null, billed: false },
    },
  };
  world.store.addJob(job, input);
  return { status: 'IN_QUEUE', request_id: job.id, ...urlsOf(origin, job), queue_position: 0 };
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

async function result(world: World, request: SimulatorRequest, before: Job): Promise<Reply> {
  const job = lookAtJob(world, before);
  if (job.state === 'queued' || job.state === 'running') {
    return json(400, { detail: 'Request is still in progress' });
  }
  const reply = job.state === 'succeeded' ? json(200, await falOutput(world, job, request.origin)) : failedResult(job);
  const isKept = (job.endedAt ?? 0) + keptMs(world, reply) >= world.now();
  return isKept ? withHeaders(reply, job) : refuseAsFal({ kind: 'not-found' });
}

const largeBytes = 10_000;
const largeKeptMs = 6 * 60_000;

/** Large results are kept for minutes. */
function keptMs(world: World, { body }: Reply): number {
  const { resultTtlMs } = world.plan().settings;
  return body.byteLength < largeBytes ? resultTtlMs : Math.min(largeKeptMs, resultTtlMs);
}

/** The body of a result. */
export async function falOutput(world: World, job: Job, origin: string): Promise<Record<string, unknown>> {
  const told = {
    ...(job.seed === null ? {} : { seed: job.seed }),
    ...(job.effects.isLarge ? { debug_logs: '.'.repeat(largeBytes) } : {}),
  };
  if (job.media.kind === 'clip') return { video: await describeFile(world, job, 0, origin), ...told };
  const { width, height } = job.media;
  const files = Array.from({ length: job.media.count }, (_, index) => describeFile(world, job, index, origin));
  return { images: (await Promise.all(files)).map((file) => ({ ...file, width, height })), ...told };
}

/** The same in a list of requests, where nothing is said of the size of files: none is drawn for it. */
export function listedOutput(job: Job, origin: string): Record<string, unknown> {
  const { kind, width, height, count } = job.media;
  const seed = job.seed === null ? {} : { seed: job.seed };
  if (kind === 'clip') return { video: nameFile(job, 0, origin), ...seed };
  const files = Array.from({ length: count }, (_, index) => ({ ...nameFile(job, index, origin), width, height }));
  return { images: files, ...seed };
}

/** What is billed goes into a header, in units of the price list. */
function withHeaders(reply: Reply, job: Job): Reply {
  const owed = job.state === 'succeeded' || job.effects.failure?.billed === true;
  const units = owed && job.unitMicroUsd > 0 ? job.microUsd / job.unitMicroUsd : 0;
  const headers = { 'x-fal-request-id': job.id, 'x-fal-billable-units': String(units) };
  return { ...reply, headers: { ...reply.headers, ...headers } };
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

function countQueued(world: World): number {
  return world.store.countJobs('fal', 'queued');
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
