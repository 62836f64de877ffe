import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSimulatorWorld, pngPicture, type SimulatorWorld } from './simulator-world.ts';

type Row = [number, string, object, object];

interface HistoryEntry {
  prompt: Row;
  outputs: Record<string, { images: { filename: string; subfolder: string; type: string }[] }>;
  status: { status_str: string; completed: boolean };
}

let world: SimulatorWorld;
let url: string;
const graph = {
  '1': { class_type: 'LoadImage', inputs: { image: 'hero.png' } },
  '2': { class_type: 'CLIPTextEncode', inputs: { text: 'SH001 – a quay at dawn', clip: ['1', 0] } },
  '3': { class_type: 'KSampler', inputs: { seed: 42, positive: ['2', 0] } },
  '4': { class_type: 'EmptyLatentImage', inputs: { width: 640, height: 360 } },
  '5': { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'x' } },
};

beforeAll(async () => {
  world = await openSimulatorWorld({});
  url = world.simulator.urls.comfyui;
  expect(await upload(pngPicture)).toEqual({ name: 'hero.png', subfolder: '', type: 'input' });
});
afterAll(() => world.close());
beforeEach(() => world.settings({}));

async function upload(picture: Buffer, more: Record<string, string> = {}) {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(picture)]), 'hero.png');
  for (const [name, value] of Object.entries(more)) form.append(name, value);
  return (await world.ask('POST', `${url}/upload/image`, form)).body;
}

const submit = (prompt: object = graph, more: object = {}) =>
  world.ask<{ prompt_id: string; error?: { type: string } }>('POST', `${url}/prompt`, { prompt, ...more });
const history = async (id: string) =>
  (await world.ask<Record<string, HistoryEntry>>('GET', `${url}/history/${id}`)).body;
const queue = async () => (await world.ask<{ queue_running: Row[]; queue_pending: Row[] }>('GET', `${url}/queue`)).body;

async function finish(id: string): Promise<HistoryEntry | undefined> {
  for (const _ of [1, 2]) expect(await history(id)).toEqual({});
  return (await history(id))[id];
}

describe('ComfyUI', () => {
  test('waits in the queue, runs in it, and then has a history with a file', async () => {
    const { prompt_id: id } = (await submit()).body;
    expect((await queue()).queue_pending.map((row) => row[1])).toContain(id);
    const entry = await finish(id);
    expect(entry?.status).toMatchObject({ status_str: 'success', completed: true });
    const [file] = entry?.outputs['5']?.images ?? [];
    const view = await world.download(`${url}/view?filename=${file?.filename}&subfolder=&type=${file?.type}`);
    expect([view.bytes.readUInt32BE(16), view.bytes.readUInt32BE(20)]).toEqual([640, 360]);
  });

  test('names another picture anew, unless it is to take the place of the one before', async () => {
    const other = Buffer.concat([pngPicture, Buffer.from('x')]);
    expect(await upload(pngPicture)).toMatchObject({ name: 'hero.png' });
    expect(await upload(other)).toMatchObject({ name: 'hero (1).png' });
    expect(await upload(other)).toMatchObject({ name: 'hero (1).png' });
    expect(await upload(pngPicture, { overwrite: 'true' })).toMatchObject({ name: 'hero.png' });
  });

  test('writes the graph into its pictures', async () => {
    const { prompt_id: id } = (await submit(graph, { extra_data: { extra_pnginfo: { workflow: { nodes: [] } } } }))
      .body;
    const [file] = (await finish(id))?.outputs['5']?.images ?? [];
    const { bytes } = await world.download(`${url}/view?filename=${file?.filename}&type=output`);
    const text = bytes.toString('latin1');
    expect(text).toContain('tEXtworkflow\0{"nodes":[]}');
    expect(text).toContain('tEXtprompt\0{"1":{"class_type":"LoadImage"');
    expect(text).toContain('SH001 \\u2013 a quay');
  });

  test('tells who sent what in its queue and its history', async () => {
    const { prompt_id: id } = (await submit(graph, { client_id: 'ct-1' })).body;
    const [row] = (await queue()).queue_pending.filter((queued) => queued[1] === id);
    expect(row?.[3]).toEqual({ client_id: 'ct-1' });
    expect((await finish(id))?.prompt[3]).toEqual({ client_id: 'ct-1' });
  });

  test('costs nothing and is in the bill with prompt, seed and pictures', async () => {
    const { prompt_id: id } = (await submit()).body;
    const row = (await world.simulator.bill()).find(({ requestId }) => requestId === id);
    expect(row).toMatchObject({ micro_usd: 0, endpoint: 'comfyui/still', seed: 42, prompt: 'SH001 – a quay at dawn' });
    expect(row?.inputSha256s).toHaveLength(1);
  });

  test('makes a clip where the graph saves one', async () => {
    const clip = { ...graph, '5': { class_type: 'SaveVideo', inputs: { video: ['3', 0], length: 48, fps: 24 } } };
    const { prompt_id: id } = (await submit(clip)).body;
    expect((await finish(id))?.outputs['5']?.images[0]?.filename).toMatch(/\.mp4$/);
  });

  test('forgets everything when it is restarted', async () => {
    const [done, waiting] = [(await submit()).body.prompt_id, (await submit()).body.prompt_id];
    await finish(done);
    await world.crashAndRestart();
    expect([await history(done), await history(waiting), await queue()]).toEqual([
      ...[{}, {}, { queue_running: [], queue_pending: [] }],
    ]);
  });

  test('can be interrupted and its queue emptied', async () => {
    const { prompt_id: running } = (await submit()).body;
    for (const _ of [1, 2]) await history(running);
    const { prompt_id: waiting } = (await submit()).body;
    await world.ask('POST', `${url}/interrupt`);
    await world.ask('POST', `${url}/queue`, { delete: [waiting] });
    expect((await history(running))[running]?.status.status_str).toBe('error');
    expect((await queue()).queue_pending.map((row) => row[1])).not.toContain(waiting);
  });

  test.each([
    ['without an output', { '1': graph[1] }, 'prompt_no_outputs'],
    [
      'with a link to nowhere',
      { ...graph, '2': { class_type: 'X', inputs: { a: ['9', 0] } } },
      'prompt_outputs_failed_validation',
    ],
    [
      'with a picture it does not have',
      { ...graph, '1': { class_type: 'LoadImage', inputs: { image: 'no.png' } } },
      'prompt_outputs_failed_validation',
    ],
  ])('refuses a graph %s', async (_what, prompt, type) => {
    const { status, body } = await submit(prompt);
    expect([status, body.error?.type]).toEqual([400, type]);
  });
});
