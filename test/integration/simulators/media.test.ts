import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePng } from '../../fixtures/make-png.ts';
import { clipEndpoint, clipInput, falClient } from './fal-client.ts';
import { openSimulatorWorld, type SimulatorWorld } from './simulator-world.ts';

let world: SimulatorWorld;
let fal: ReturnType<typeof falClient>;
let files = 0;

beforeAll(async () => {
  world = await openSimulatorWorld();
  fal = falClient(world);
});
afterAll(() => world.close());

async function make(input: object, endpoint?: string): Promise<string[]> {
  const { body } = await fal.submit(input, endpoint);
  await fal.finish(body);
  const result = await fal.result(body);
  expect(result.status).toBe(200);
  const { images, video } = result.body;
  return Promise.all(
    [video ?? [], images ?? []].flat().map(async ({ url, file_size }) => {
      const { bytes } = await world.download(url);
      expect(bytes.byteLength).toBe(file_size);
      files += 1;
      const path = join(world.folder, `download-${files}${url.slice(url.lastIndexOf('.'))}`);
      writeFileSync(path, bytes);
      return path;
    }),
  );
}

const makeClip = async (changes: object = {}) => (await make({ ...clipInput, ...changes }, clipEndpoint))[0] ?? '';
const makeStill = async (changes: object = {}) => (await make({ prompt: 'SH001', ...changes }))[0] ?? '';

interface Probed {
  streams: { codec_type: string; width: number; height: number; nb_frames: string }[];
  format: { duration: string };
}

function probe(path: string): Probed {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path];
  return JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as Probed;
}

const sizeOf = (path: string) => probe(path).streams[0];

/** What a filter of ffmpeg reports while the file is played from end to end. */
function play(path: string, filter: string): string {
  const graph = filter.startsWith('volume') ? ['-af', filter] : ['-vf', filter];
  const { stderr } = spawnSync('ffmpeg', ['-hide_banner', '-i', path, ...graph, '-f', 'null', '-']);
  return stderr.toString('utf8');
}

describe('what the simulator makes', () => {
  test('is a clip of the length, the size and the sound that were asked for', async () => {
    const { streams, format } = probe(await makeClip({ duration: '6', aspect_ratio: '9:16' }));
    expect(streams.map((stream) => stream.codec_type)).toEqual(['video', 'audio']);
    expect(streams[0]).toMatchObject({ width: 480, height: 854, nb_frames: '144' });
    expect(Number(format.duration)).toBeCloseTo(6, 1);
  });

  test('has no sound track when none is wanted', async () => {
    const { streams } = probe(await makeClip({ generate_audio: false }));
    expect(streams.map((stream) => stream.codec_type)).toEqual(['video']);
  });

  test('moves, is not black, and can be heard', async () => {
    const path = await makeClip();
    expect(play(path, 'freezedetect=d=0.5,blackdetect=d=0.1')).not.toMatch(/freeze_start|black_start/);
    expect(Number(/mean_volume: (-?[\d.]+)/.exec(play(path, 'volumedetect'))?.[1])).toBeGreaterThan(-40);
  });

  test.each([
    ['16:9', 'png', 1366, 768],
    ['9:16', 'jpeg', 768, 1366],
  ])('is a still of %s as %s', async (aspect_ratio, output_format, width, height) => {
    expect(sizeOf(await makeStill({ aspect_ratio, output_format }))).toMatchObject({ width, height });
  });

  test('is never the same file twice, even of the same request', async () => {
    const paths = [await makeClip(), await makeClip(), ...(await make({ prompt: 'SH001', num_images: 2 }))];
    expect(new Set(paths.map(sha256Of)).size).toBe(paths.length);
  });

  test('is the same file twice when the plan wants a duplicate', async () => {
    const first = await makeStill();
    await world.faults({ id: 'f', kind: 'duplicate-result' });
    expect(sha256Of(await makeStill())).toBe(sha256Of(first));
  });

  test('shows the picture that came with the request when it is told to', async () => {
    await world.settings({ pictures: 'inputs' });
    const path = await makeClip();
    // The picture is one flat grey.
    const spread = play(path, 'signalstats,metadata=print:key=lavfi.signalstats.YHIGH').match(/YHIGH=\d+/g);
    expect(new Set(spread)).toEqual(new Set(['YHIGH=126']));
    await world.settings({});
  });
});

describe('a media defect', () => {
  const defect = (name: 'black' | 'frozen' | 'wrong-aspect' | 'silent' | 'another-face' | 'wrong-duration') =>
    world.faults({ id: 'f', kind: 'media-defect', defect: name });

  test('black is black from end to end', async () => {
    await defect('black');
    expect(play(await makeClip(), 'blackdetect=d=0.1')).toMatch(/black_start:0 black_end:3\.9/);
  });

  test('frozen stands still', async () => {
    await defect('frozen');
    expect(play(await makeClip(), 'freezedetect=d=0.5')).toContain('freeze_start: 0');
  });

  test('wrong-aspect is square', async () => {
    await defect('wrong-aspect');
    expect(sizeOf(await makeClip())).toMatchObject({ width: 480, height: 480 });
  });

  test('silent has a sound track in which nothing is heard', async () => {
    await defect('silent');
    const path = await makeClip();
    expect(probe(path).streams).toHaveLength(2);
    expect(play(path, 'volumedetect')).toMatch(/mean_volume: -9\d/);
  });

  test('another-face shows the picture of another submit in place of its own', async () => {
    await world.settings({ pictures: 'inputs' });
    const greyOf = async (path: string) =>
      /YAVG=(\d+)/.exec(play(path, 'signalstats,metadata=print:key=lavfi.signalstats.YAVG'))?.[1];
    const other = `data:image/png;base64,${makePng(16, 9, [200, 200, 200]).toString('base64')}`;
    const own = await greyOf(await makeClip());
    const others = await greyOf(await makeClip({ image_url: other }));
    await world.simulator.setFaults({
      settings: { pictures: 'inputs' },
      faults: [{ id: 'f', kind: 'media-defect', defect: 'another-face', times: 'always' }],
    });
    expect(await greyOf(await makeClip())).toBe(others);
    expect(await greyOf(await makeClip({ image_url: other }))).toBe(own);
    expect(own).not.toBe(others);
  });

  test('wrong-duration is half as long', async () => {
    await defect('wrong-duration');
    expect(Number(probe(await makeClip()).format.duration)).toBeCloseTo(2, 1);
  });
});

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
