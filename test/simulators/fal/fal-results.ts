/** What a request brought: the model's own status and body, kept for an hour, for minutes when it is large. */
import type { Job } from '../core/job.ts';
import { lookAtJob } from '../core/progress.ts';
import { json, type Reply, type SimulatorRequest } from '../core/reply.ts';
import type { World } from '../core/world.ts';
import { failedResult, refuseAsFal } from './fal-errors.ts';
import { describeFile, nameFile } from './fal-files.ts';

/** `GET response_url`. */
export async function result(world: World, { origin }: SimulatorRequest, before: Job): Promise<Reply> {
  const job = lookAtJob(world, before);
  if (job.state === 'queued' || job.state === 'running') {
    return json(400, { detail: 'Request is still in progress' });
  }
  const reply = job.state === 'succeeded' ? json(200, await falOutput(world, job, origin)) : failedResult(job);
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

async function falOutput(world: World, job: Job, origin: string): Promise<Record<string, unknown>> {
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
