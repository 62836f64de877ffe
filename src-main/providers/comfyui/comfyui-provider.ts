/**
 * ComfyUI on a machine of one's own: no key, no price. Its queue and history live in its memory, so a job that it does not
 * know after a restart is lost, never done. The attempt's id goes along as client id, by which a doubt is settled.
 */
import { z } from 'zod';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { FetchedArtefact, PollAnswer, ProviderJob } from '../../orchestrator/ports/provider.ts';
import { downloadFile } from '../http/download-file.ts';
import { ProviderHttpError, ReadFailure } from '../http/http-errors.ts';
import { createInputUploader, inputsOf } from '../http/input-files.ts';
import { failureOf } from '../http/read-errors.ts';
import { jobIdOf } from '../kept-results.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { tooLateToCancel } from '../queued-jobs.ts';
import { createRemoteProvider, type DialectEndpoint, type RemoteProvider } from '../remote-provider.ts';
import { comfyuiSubmitSchema, entryFailure, isPictureGone, refineComfyui, resultFileOf } from './comfyui-answers.ts';
import { comfyuiParamsSchema, fillGraph, graphRefusal, resultNodeOf, startsFromFrame } from './comfyui-graph.ts';
import { type ComfyuiMachine, comfyuiTitle, openMachine } from './comfyui-machine.ts';
import { sendPicture } from './send-picture.ts';

const name = 'comfyui';
const pollAgainMs = 2000;
const params = comfyuiParamsSchema;
const made = { seedSupported: true, maxPromptChars: 10_000, maxRefs: 8, durationsSeconds: null };
const endpoints: Readonly<Record<string, DialectEndpoint>> = {
  'comfyui/still': { params, capabilities: { ...made, modality: 'i2i', phases: ['previs', 'keyframe'] } },
  'comfyui/clip': { params, capabilities: { ...made, modality: 'i2v', phases: ['video'], sound: 'none' } },
};

const jobDataSchema = z.object({ kind: z.enum(['still', 'clip']), resultNode: z.string().nullable() });
type JobData = z.infer<typeof jobDataSchema>;

/** Makes the adapter of one ComfyUI. */
export function createComfyuiProvider(tools: ProviderTools): RemoteProvider {
  const { uploads, resolvePath } = tools;
  const machine = openMachine(tools);
  const { client } = machine;
  return createRemoteProvider(tools, {
    ...{ name, title: comfyuiTitle, needsKey: false, endpoints, refine: refineComfyui },
    capabilities: {
      ...{ reconcile: 'list', freeCancel: 'any' },
      // a prompt is in its queue before it answers; this leaves it time for the last steps of a request that broke off
      ...{ reconcileGraceMs: 10_000, resultTtlMs: null, concurrency: 1 },
    },
    needsStartFrame: startsFromFrame,
    promptOf: ({ prompt }) => prompt,
    refusal: (request) => graphRefusal(params.parse(request.params), request),
    upload: createInputUploader({
      ...{ provider: name, ledger: uploads, resolvePath },
      send: (file, signal) => sendPicture(client, machine.url('upload/image'), file, signal),
    }),
    payload: (request, _endpoint, inputs) => ({
      url: machine.url('prompt'),
      body: { prompt: fillGraph(params.parse(request.params), request, inputs) },
    }),
    markOf: (attemptId) => ({ client_id: clientIdFor(attemptId) }),
    async send(call, { request }, signal) {
      const { prompt_id } = await client.json(call, comfyuiSubmitSchema, signal).catch((error: unknown) => {
        if (error instanceof ProviderHttpError && isPictureGone(error)) {
          for (const { hash } of inputsOf(request)) uploads.forget(name, hash);
        }
        throw error;
      });
      return jobOf(prompt_id, request);
    },
    poll: ({ id }, signal) => pollPrompt(machine, id, signal),
    fetchResult: (job, temporaryPath, signal) => fetchFile(machine, job, temporaryPath, signal),
    /** Takes it out of the queue, or stops it when it is this one that runs. */
    async cancel({ id }, signal) {
      const place = await machine.placeOf(id, 'cancel', signal);
      if (place === null) return tooLateToCancel(comfyuiTitle, false);
      const [path, json] = place === 'pending' ? ['queue', { delete: [id] }] : ['interrupt', { prompt_id: id }];
      await client.call({ purpose: 'cancel', method: 'POST', url: machine.url(path), body: { json } }, signal);
      return { kind: 'asked' };
    },
    async reconcile({ id, request }, signal) {
      const promptId = await machine.findByClientId(clientIdFor(id), signal);
      return promptId === null ? { kind: 'absent' } : { kind: 'found', job: jobOf(promptId, request) };
    },
    adopt: ({ request }, id) => jobOf(id, request),
  });
}

function clientIdFor(attemptId: string): string {
  return jobIdOf('ct', attemptId);
}

async function pollPrompt(machine: ComfyuiMachine, id: string, signal: AbortSignal): Promise<PollAnswer> {
  const entry = await machine.readEntry(id, 'poll', signal);
  const place = entry ? null : await machine.placeOf(id, 'poll', signal);
  if (place) return { kind: 'pending', progress: null, pollAgainMs, isQueued: place === 'pending' };
  // it may have ended between the two questions
  const ended = entry ?? (await machine.readEntry(id, 'poll', signal));
  const failure = ended
    ? entryFailure(ended)
    : failureOf('transient', 'server', 'ComfyUI does not know the job any more: it was restarted.');
  return failure ? { kind: 'failed', failure, billedMicroUsd: 0 } : { kind: 'done' };
}

async function fetchFile(
  machine: ComfyuiMachine,
  job: ProviderJob,
  temporaryPath: string,
  signal: AbortSignal,
): Promise<FetchedArtefact> {
  const entry = await machine.readEntry(job.id, 'fetch', signal);
  const { kind, resultNode } = jobDataSchema.parse(job.data);
  if (!entry) throw new ReadFailure(failureOf('transient', 'bad_output', 'ComfyUI does not know the job any more.'));
  const file = resultFileOf(entry, kind, resultNode);
  if (!file) {
    const message = `ComfyUI saved no ${kind}: look at the last nodes of the graph.`;
    throw new ReadFailure(failureOf('permanent', 'bad_output', message));
  }
  const order = { url: machine.url('view', file), temporaryPath };
  return { extension: await downloadFile(machine.client, order, signal), costMicroUsd: 0 };
}

function jobOf(id: string, request: GenerationRequest): ProviderJob {
  const { graph } = params.parse(request.params);
  const data: JobData = { kind: request.output.kind, resultNode: resultNodeOf(graph) };
  return { id, data };
}
