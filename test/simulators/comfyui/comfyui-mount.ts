/**
 * ComfyUI on a machine of one's own: no key, no price. Its queue and history are in memory, so a restart of the simulator
 * forgets them, as a restart of ComfyUI does; what is in the bill stays there, at nothing.
 */
import { z } from 'zod';
import { takeSubmit } from '../core/intake.ts';
import { isOver, type Job } from '../core/job.ts';
import type { Mount } from '../core/mount.ts';
import { cancelJob, pollJob } from '../core/progress.ts';
import { bytes, json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { resultName } from '../core/result-file.ts';
import { answerStatus } from '../core/status-faults.ts';
import type { World } from '../core/world.ts';
import { invalidPrompt, refuseAsComfyui } from './comfyui-errors.ts';
import {
  danglingLink,
  type Graph,
  graphSchema,
  loadedNames,
  numberIn,
  outputNode,
  textIn,
  wishOf,
} from './comfyui-graph.ts';
import { readUpload, upload, view } from './comfyui-pictures.ts';

const submitSchema = z.strictObject({
  prompt: graphSchema,
  client_id: z.string().optional(),
  prompt_id: z.string().optional(),
  number: z.number().optional(),
  front: z.boolean().optional(),
  extra_data: z.record(z.string(), z.unknown()).optional(),
});

const interruptSchema = z.object({ prompt_id: z.string().optional() });

/** Forgets what was in memory when the simulator last ended. */
export function forgetComfyui(world: World): void {
  for (const job of world.store.jobs('comfyui')) {
    if (!isOver(job.state)) cancelJob(world, job, { billed: false });
    world.store.deleteJob(job.id);
  }
}

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  const { method, path } = request;
  const [, place = '', id] = path.replace(/^\/api\//, '/').split('/');
  switch (`${method} ${place}`) {
    case 'POST prompt':
      return submit(world, request);
    case 'GET history':
      return history(world, id);
    case 'GET queue':
      return queue(world);
    case 'POST queue':
      return deleteFromQueue(world, jsonBody(request));
    case 'POST interrupt': {
      const { prompt_id: wanted } = interruptSchema.parse(jsonBody(request) ?? {});
      const running = world.store
        .jobs('comfyui')
        .find(({ id: running, state }) => state === 'running' && (wanted === undefined || running === wanted));
      if (running) cancelJob(world, running, { billed: false });
      return bytes(200, new Uint8Array());
    }
    case 'GET view':
      return view(world, request.query);
    case 'POST upload':
      return upload(world, request);
    case 'GET system_stats':
      return json(200, { system: { os: 'posix', comfyui_version: 'simulated' }, devices: [] });
    default:
      return bytes(404, Buffer.from('404: Not Found'));
  }
}

async function submit(world: World, request: SimulatorRequest): Promise<Reply> {
  const input = jsonBody(request);
  const read = submitSchema.safeParse(input);
  if (!read.success) return invalidPrompt('no_prompt', z.prettifyError(read.error));
  const graph = read.data.prompt;
  const output = outputNode(graph);
  if (!output) return invalidPrompt('prompt_no_outputs', 'Prompt has no outputs');
  const dangling = danglingLink(graph);
  if (dangling) {
    const errors = [
      { type: 'exception_during_inner_validation', message: `Bad link in ${dangling.input}`, details: '' },
    ];
    return invalidPrompt('prompt_outputs_failed_validation', 'Prompt outputs failed validation', {
      [dangling.id]: { errors, dependent_outputs: [output.id], class_type: graph[dangling.id]?.class_type },
    });
  }
  const inputs = loadedNames(graph).map((name) => readUpload(world, name));
  if (inputs.includes(null)) return missingPicture(graph, loadedNames(graph)[inputs.indexOf(null)] ?? '', output.id);
  return takeSubmit(
    world,
    {
      ...{ provider: 'comfyui', endpoint: `comfyui/${output.kind}`, input, parameters: {}, prompt: textIn(graph) },
      ...{ inputs: inputs.filter((file) => file !== null), seed: numberIn(graph, ['seed', 'noise_seed']) },
      ...(read.data.prompt_id ? { id: read.data.prompt_id } : {}),
      media: wishOf(graph, output.kind),
    },
    { refuse: refuseAsComfyui, accepted: (job) => json(200, { prompt_id: job.id, number: 1, node_errors: {} }) },
  );
}

function missingPicture(graph: Graph, name: string, output: string): Reply {
  const [id = '', node] = Object.entries(graph).find(([, { inputs }]) => inputs.image === name) ?? [];
  const told = {
    ...{ type: 'custom_validation_failed', message: 'Custom validation failed for node' },
    ...{ details: `image - Invalid image file: ${name}`, extra_info: {} },
  };
  return invalidPrompt('prompt_outputs_failed_validation', 'Prompt outputs failed validation', {
    [id]: { errors: [told], dependent_outputs: [output], class_type: node?.class_type },
  });
}

/** Number, id, graph, what was sent beside it, nodes to run. */
function queueRow(world: World, job: Job) {
  const { prompt, extra_data: extra, client_id: client } = submitSchema.parse(world.store.inputOf(job.id));
  return [1, job.id, prompt, { ...extra, ...(client ? { client_id: client } : {}) }, [outputNode(prompt)?.id]];
}

function history(world: World, id: string | undefined): Reply | Promise<Reply> {
  if (id === undefined) {
    const over = world.store.jobs('comfyui').filter(({ state }) => isOver(state));
    return json(200, Object.fromEntries(over.map((job) => [job.id, historyEntry(world, job)])));
  }
  const before = world.store.job('comfyui', id);
  if (!before) return json(200, {});
  return answerStatus(world, before, {
    refuse: refuseAsComfyui,
    answer: () => {
      const job = pollJob(world, before);
      return json(200, isOver(job.state) ? { [job.id]: historyEntry(world, job) } : {});
    },
  });
}

function historyEntry(world: World, job: Job) {
  const graph = (world.store.inputOf(job.id) as { prompt: Graph }).prompt;
  const file = { filename: `${job.id}_${resultName(job, 0)}`, subfolder: '', type: 'output' };
  const listed = job.media.kind === 'clip' ? { images: [file], animated: [true] } : { images: [file] };
  const done = job.state === 'succeeded';
  const word = job.state === 'cancelled' ? 'execution_interrupted' : 'execution_error';
  const told = {
    prompt_id: job.id,
    exception_message: job.effects.failure?.message ?? '',
    exception_type: 'RuntimeError',
  };
  return {
    prompt: queueRow(world, job),
    outputs: done ? { [outputNode(graph)?.id ?? '']: listed } : {},
    status: {
      ...{ status_str: done ? 'success' : 'error', completed: done },
      messages: done ? [['execution_success', { prompt_id: job.id }]] : [[word, told]],
    },
  };
}

function queue(world: World): Reply {
  const jobs = world.store.jobs('comfyui').filter(({ state }) => !isOver(state));
  return json(200, {
    queue_running: jobs.filter(({ state }) => state === 'running').map((job) => queueRow(world, job)),
    queue_pending: jobs.filter(({ state }) => state === 'queued').map((job) => queueRow(world, job)),
  });
}

const deleteSchema = z.object({ delete: z.array(z.string()).optional(), clear: z.boolean().optional() });

function deleteFromQueue(world: World, body: unknown): Reply {
  const read = deleteSchema.safeParse(body);
  if (!read.success) return bytes(400, Buffer.from('Bad Request'));
  for (const job of world.store.jobs('comfyui')) {
    if (job.state !== 'queued' || !(read.data.clear || read.data.delete?.includes(job.id))) continue;
    cancelJob(world, job, { billed: false });
    world.store.deleteJob(job.id);
  }
  return bytes(200, new Uint8Array());
}

export const comfyuiMount: Mount = { prefix: 'comfyui', provider: 'comfyui', handle };
