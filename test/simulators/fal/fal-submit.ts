/** A submit to fal's queue: a strict input, its files fetched, and a place in the queue. */
import { takeSubmit } from '../core/intake.ts';
import type { JobFailure, MediaWish } from '../core/job.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import type { InputIssue } from '../core/voice.ts';
import type { World } from '../core/world.ts';
import { type FalEndpoint, falEndpoint, promptOf } from './fal-endpoints.ts';
import { issuesOf, isTriedAgain, modelError, refuseAsFal } from './fal-errors.ts';
import { fetchInput } from './fal-files.ts';
import { appOf, urlsOf } from './fal-urls.ts';

/** `POST {owner}/{app}[/{path}]`. */
export async function submit(world: World, request: SimulatorRequest, id: string): Promise<Reply> {
  const endpoint = falEndpoint(id);
  if (!endpoint) return json(404, { detail: `Application '${appOf(id)}' not found` });
  const input = jsonBody(request);
  const checked = await checkInput(world, request.origin, endpoint, input);
  if ('issues' in checked && world.plan().settings.falValidates === 'submit') return modelError(checked.issues);
  const limit = Number(request.query.get('fal_max_queue_length') ?? Number.NaN);
  if (countQueued(world) >= limit) return refuseAsFal({ kind: 'rate-limit', retryAfterSeconds: null });
  const work = 'issues' in checked ? { ...nothing, flaw: flawOf(checked.issues) } : workOf(endpoint, checked);
  return takeSubmit(
    world,
    {
      ...{ provider: 'fal', endpoint: id, input, ...work },
      repeats: (errorType) => request.headers['x-fal-no-retry'] !== '1' && isTriedAgain(errorType),
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

interface CheckedInput {
  parameters: Record<string, unknown>;
  inputs: Uint8Array[];
}

async function checkInput(
  world: World,
  origin: string,
  endpoint: FalEndpoint,
  input: unknown,
): Promise<{ issues: InputIssue[] } | CheckedInput> {
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

function workOf(endpoint: FalEndpoint, { parameters, inputs }: CheckedInput) {
  const seed = typeof parameters.seed === 'number' ? parameters.seed : null;
  return { parameters, inputs, seed, prompt: promptOf(parameters), media: endpoint.media(parameters, inputs) };
}

const noMedia: MediaWish = {
  ...{ kind: 'still', width: 2, height: 2, durationSeconds: null, audio: false, format: 'png', count: 1 },
};
const nothing = { parameters: {}, inputs: [], seed: null, prompt: '', media: noMedia };

/** The runner finds the bad input: accepted, not billed, and COMPLETED with the 422 as its result. */
function flawOf([issue]: InputIssue[]): JobFailure {
  return { kind: 'input', message: issue?.message ?? '', code: issue?.type ?? null, billed: false };
}

function countQueued(world: World): number {
  return world.store.countJobs('fal', 'queued');
}
