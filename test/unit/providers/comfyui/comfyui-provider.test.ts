import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createComfyuiProvider } from '../../../../src-main/providers/comfyui/comfyui-provider.ts';
import { readWorkflowRegistry } from '../../../../src-main/supervisor/workflow-registry.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type AdapterWorld, bodyOf, never, openAdapterWorld, Status } from '../../../fixtures/adapter-world.ts';
import { clipRequest, doubtfulAttempt, stillRequest } from '../../../fixtures/provider-bench.ts';
import { clipGraph } from '../../../fixtures/provider-samples.ts';

let world: AdapterWorld;
let request: GenerationRequest;
beforeEach(async () => {
  world = await openAdapterWorld(createComfyuiProvider);
  request = clipRequest({
    ...{ provider: 'comfyui', endpoint: 'comfyui/clip', seed: 4711 },
    params: { graph: clipGraph, frames: { rate: 24, step: 4 } },
    startFrame: await world.bench.picture('start.png'),
  });
});
afterEach(() => world.close());

const job = { id: 'p1', data: { kind: 'clip', resultNode: '5' } };
const uploaded = { name: 'ct_here.png', subfolder: '', type: 'input' };
const says = (answers: Record<string, unknown>) =>
  world.says(({ url }) => answers[url.split('?')[0] ?? ''] ?? new Status(404, {}));
const entry = (more: object = {}) => ({
  prompt: [1, 'p1', {}, { client_id: 'ct_att_1' }, ['5']],
  outputs: { 5: { images: [{ filename: 'clip_1.mp4', subfolder: 'circletake', type: 'output' }], animated: [true] } },
  status: { status_str: 'success', completed: true, messages: [] },
  ...more,
});
const failed = (...message: unknown[]) =>
  entry({ outputs: {}, status: { status_str: 'error', completed: false, messages: [message] } });

test('fills a graph by the titles of its nodes and leaves the rest and the links alone', async () => {
  says({ '/upload/image': uploaded, '/prompt': { prompt_id: 'p1', number: 1, node_errors: {} } });
  expect(await world.submit(request)).toEqual(job);
  expect(bodyOf(world, 1)).toEqual({
    client_id: 'ct_att_1',
    prompt: {
      1: { ...clipGraph[1], inputs: { text: request.prompt } },
      2: { ...clipGraph[2], inputs: { image: 'ct_here.png' } },
      3: { ...clipGraph[3], inputs: { width: 720, height: 1280, length: 121, start_image: ['2', 0] } },
      4: { ...clipGraph[4], inputs: { seed: 4711, latent_image: ['3', 0] } },
      5: clipGraph[5],
    },
  });
});

test('uploads a picture once per hash, under a name made of it', async () => {
  says({ '/upload/image': uploaded, '/prompt': { prompt_id: 'p1' } });
  await world.submit(request);
  await world.submit(request, 'att_2');
  expect(world.seen.map(({ url }) => url)).toEqual(['/upload/image', '/prompt', '/prompt']);
  expect(world.seen[0]?.body.toString('latin1')).toContain(
    `filename="ct_${request.startFrame?.hash.slice(7, 19)}.png"`,
  );
});

test('uploads it again when ComfyUI has it no longer', async () => {
  says({
    '/upload/image': uploaded,
    '/prompt': new Status(400, {
      error: { message: 'Prompt outputs failed validation' },
      node_errors: {
        2: { class_type: 'LoadImage', errors: [{ message: 'Invalid image file', details: 'ct_here.png' }] },
      },
    }),
  });
  expect(await world.refused(request)).toMatchObject({ kind: 'rejected', failure: { category: 'transient' } });
  says({ '/upload/image': uploaded, '/prompt': { prompt_id: 'p1' } });
  await world.submit(request);
  expect(world.seen.filter(({ url }) => url === '/upload/image')).toHaveLength(2);
});

test('says which node a refused graph fell over', async () => {
  const node_errors = {
    4: { class_type: 'KSampler', errors: [{ message: 'Value not in list', details: 'sampler_name' }] },
  };
  says({ '/upload/image': uploaded, '/prompt': new Status(400, { error: { message: 'Failed' }, node_errors }) });
  expect(await world.refused(request)).toMatchObject({
    kind: 'rejected',
    failure: {
      category: 'permanent',
      message: expect.stringContaining('node 4 (KSampler): Value not in list: sampler_name. Change the shot'),
    },
  });
});

test.each([
  [
    'no node for the prompt',
    { graph: { 5: clipGraph[5] }, frames: { rate: 24, step: 4 } },
    'no node with the title “prompt”',
  ],
  ['no word about its frames', { graph: clipGraph }, 'how many frames a second'],
  ['something else beside', { graph: clipGraph, steps: 20 }, 'steps'],
])('refuses a workflow with %s', (_what, params, sentence) => {
  expect(world.adapter.refusal({ ...request, params })).toContain(sentence);
});

test('refuses more references than the graph has places, and fewer', () => {
  const still = stillRequest({
    provider: 'comfyui',
    endpoint: 'comfyui/still',
    params: { graph: { 1: clipGraph[1] } },
  });
  const ref = { role: 'char:mara:identity/front', path: 'a.png', hash: `sha256:${'1'.repeat(64)}` };
  expect(world.adapter.refusal(still)).toBeNull();
  expect(world.adapter.refusal({ ...still, refs: [ref] })).toContain('the graph takes 0');
  const graph = { 1: clipGraph[1], 2: { ...clipGraph[2], _meta: { title: 'ref 1' } } };
  expect(world.adapter.refusal({ ...still, params: { graph } })).toContain('works from 1 reference pictures');
  const filled = world.adapter.payload(
    { ...still, params: { graph }, refs: [ref] },
    new Map([[ref.hash, 'ct_ref.png']]),
  );
  expect(filled.body).toMatchObject({ prompt: { 2: { inputs: { image: 'ct_ref.png' } } } });
});

test('the graphs that ship can be filled', async () => {
  const table = new URL('../../../../resources/workflow_registry.v1.json', import.meta.url);
  const registry = readWorkflowRegistry(JSON.parse(await readFile(table, 'utf8')));
  for (const [id, sample] of [
    ['comfyui-flux-still', stillRequest({ provider: 'comfyui', endpoint: 'comfyui/still' })],
    ['comfyui-wan-clip', request],
  ] as const) {
    const workflow = registry.find(id);
    expect(world.adapter.refusal({ ...sample, params: workflow?.params ?? {} })).toBeNull();
    expect(
      JSON.stringify(world.adapter.payload({ ...sample, params: workflow?.params ?? {} }, new Map()).body),
    ).toContain(sample.prompt);
  }
});

describe('a job', () => {
  test('waits while it is in the queue, and is done when it is in the history', async () => {
    says({ '/history/p1': {}, '/queue': { queue_running: [], queue_pending: [[1, 'p1', {}, {}, []]] } });
    expect(await world.adapter.poll(job, never)).toMatchObject({ kind: 'pending' });
    says({ '/history/p1': { p1: entry() } });
    expect(await world.adapter.poll(job, never)).toEqual({ kind: 'done' });
  });

  test('that nobody knows after a restart is lost, never done', async () => {
    says({ '/history/p1': {}, '/queue': { queue_running: [], queue_pending: [] } });
    expect(await world.adapter.poll(job, never)).toMatchObject({
      kind: 'failed',
      billedMicroUsd: 0,
      failure: { category: 'transient', detail: 'server' },
    });
  });

  test('that ends between the two questions is not lost', async () => {
    let asked = 0;
    world.says(({ url }) =>
      url === '/queue' ? { queue_running: [], queue_pending: [] } : asked++ === 0 ? {} : { p1: entry() },
    );
    expect(await world.adapter.poll(job, never)).toEqual({ kind: 'done' });
  });

  test.each([
    [
      ['execution_error', { exception_message: 'mat1 and mat2', node_type: 'KSampler' }],
      'permanent',
      'rejected_request',
    ],
    [
      ['execution_error', { exception_message: 'Allocation failed', exception_type: 'torch.OutOfMemoryError' }],
      'transient',
      'server',
    ],
    [['execution_interrupted', {}], 'transient', 'cancelled'],
  ])('that ended with %j is %s, %s', async (message, category, detail) => {
    says({ '/history/p1': { p1: failed(...message) } });
    expect(await world.adapter.poll(job, never)).toMatchObject({ kind: 'failed', failure: { category, detail } });
  });

  test('is fetched by the file that its result node saved', async () => {
    const clip = Buffer.concat([Buffer.from('....ftypisom'), Buffer.alloc(64)]);
    says({ '/history/p1': { p1: entry() }, '/view': clip });
    const fetched = await world.adapter.fetchResult(job, join(world.bench.folder, 'clip'), never);
    expect(fetched).toEqual({ extension: '.mp4', costMicroUsd: 0 });
    expect(world.seen.at(-1)?.url).toBe('/view?filename=clip_1.mp4&subfolder=circletake&type=output');
  });

  test('without a file of the wanted kind cannot be used', async () => {
    says({
      '/history/p1': {
        p1: entry({ outputs: { 5: { images: [{ filename: 'a.png', subfolder: '', type: 'temp' }] } } }),
      },
    });
    const failure = await world.adapter
      .fetchResult(job, join(world.bench.folder, 'clip'), never)
      .catch((error: unknown) => world.adapter.readFetchError(error));
    expect(failure).toMatchObject({ category: 'permanent', message: expect.stringContaining('ComfyUI saved no clip') });
  });

  test.each([
    ['waits', { queue_running: [], queue_pending: [[1, 'p1', {}, {}, []]] }, '/queue', { delete: ['p1'] }],
    ['runs', { queue_running: [[1, 'p1', {}, {}, []]], queue_pending: [] }, '/interrupt', { prompt_id: 'p1' }],
  ])('that %s is cancelled where it is', async (_what, queue, url, body) => {
    world.says(({ method }) => (method === 'GET' ? queue : {}));
    expect(await world.adapter.cancel?.(job, never)).toEqual({ kind: 'asked' });
    expect(world.seen.at(-1)).toMatchObject({ method: 'POST', url });
    expect(bodyOf(world, 1)).toEqual(body);
  });

  test('of somebody else that runs is not interrupted', async () => {
    says({ '/queue': { queue_running: [[1, 'theirs', {}, {}, []]], queue_pending: [] } });
    expect(await world.adapter.cancel?.(job, never)).toMatchObject({ kind: 'too-late' });
    expect(world.seen.map(({ method }) => method)).toEqual(['GET']);
  });
});

test.each([
  [
    'queue',
    { '/queue': { queue_running: [[1, 'p1', {}, { client_id: 'ct_att_1' }, []]], queue_pending: [] }, '/history': {} },
    { kind: 'found', job },
  ],
  ['history', { '/queue': {}, '/history': { p1: entry() } }, { kind: 'found', job }],
  [
    'neither',
    { '/queue': { queue_running: [[1, 'x', {}, { client_id: 'other' }, []]] }, '/history': {} },
    { kind: 'absent' },
  ],
])('a submit in doubt is looked for by its client id: %s', async (_where, answers, expected) => {
  says(answers);
  expect(await world.adapter.reconcile(doubtfulAttempt('att_1', request), never)).toEqual(expected);
});
