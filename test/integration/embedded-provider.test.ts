import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReservationToken } from '../../src-main/orchestrator/ports/provider.ts';
import { AppError } from '../../src-main/platform/app-error.ts';
import { durableFiles } from '../../src-main/platform/durable-files.ts';
import { stripLayout } from '../../src-main/providers/embedded/burn-in.ts';
import { EmbeddedFault } from '../../src-main/providers/embedded/embedded-fault.ts';
import { EmbeddedProvider } from '../../src-main/providers/embedded/embedded-provider.ts';
import type { Rehearsal } from '../../src-main/providers/embedded/rehearsal.ts';
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import { openTestFfmpeg } from '../fixtures/open-test-ffmpeg.ts';
import { readFrameCode } from '../fixtures/read-frame-code.ts';

let folder: string;
let rehearsal: Rehearsal | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'circletake-embedded-'));
  rehearsal = null;
  const plate = { create: { width: 540, height: 960, channels: 3 as const, background: '#5a7' } };
  await sharp(plate).png().toFile(join(folder, 'plate.png'));
  await sharp({ create: { ...plate.create, width: 300, height: 500, background: '#a33' } })
    .png()
    .toFile(join(folder, 'hero.png'));
});
afterEach(() => {
  troubles.length = 0;
  return rm(folder, { recursive: true, force: true });
});

/** what the engine told of its disk */
const troubles: unknown[] = [];

async function openProvider(files = durableFiles): Promise<EmbeddedProvider> {
  const ffmpeg = await openTestFfmpeg(folder);
  return new EmbeddedProvider({
    jobsFolder: join(folder, 'jobs'),
    files,
    ffmpeg,
    resolvePath: (relative) => join(folder, relative),
    rehearsal: () => rehearsal,
    now: () => new Date('2026-01-01T00:00:00Z'),
    onTrouble: (error) => void troubles.push(error),
  });
}

const hash = `sha256:${'0'.repeat(64)}`;
const still: GenerationRequest = {
  shotId: 'EP001_SH003',
  phase: 'keyframe',
  workflowId: 'w',
  provider: 'embedded',
  model: 'animatic',
  endpoint: 'embedded',
  prompt: 'A harbour at dusk',
  negativePrompt: '',
  seed: 7,
  params: { style: 'standard', shot_type: 'medium', camera: 'slow push in, 50mm', lighting: 'golden hour' },
  refs: [
    { role: 'loc:harbour:plate/wide', path: 'plate.png', hash },
    { role: 'char:mara:identity/front', path: 'hero.png', hash },
  ],
  startFrame: null,
  output: {
    kind: 'still',
    width: 360,
    height: 640,
    frameRate: { num: 24, den: 1 },
    durationSeconds: null,
    audio: false,
  },
};
const clip: GenerationRequest = {
  ...still,
  phase: 'video',
  startFrame: { role: 'start_frame', path: 'plate.png', hash },
  output: { ...still.output, kind: 'clip', durationSeconds: 1, audio: true },
};
const token = (attemptId: string) => ({
  reservation: { attemptId, amountMicroUsd: 0 } as unknown as ReservationToken,
  inputs: new Map(),
});
const { signal } = new AbortController();

async function make(request: GenerationRequest, attemptId: string): Promise<Buffer> {
  const provider = await openProvider();
  const job = await provider.submit(request, token(attemptId), signal);
  while ((await provider.poll(job, signal)).kind === 'pending');
  const path = join(folder, `${attemptId}.bin`);
  await provider.fetchResult(job, path, signal);
  return readFile(path);
}

describe('the embedded provider', () => {
  test('makes a picture of the size asked for, equal for equal seeds and other for others', async () => {
    const [first, again, other] = [
      await make(still, 'a'),
      await make(still, 'b'),
      await make({ ...still, seed: 8 }, 'c'),
    ];
    expect(await sharp(first).metadata()).toMatchObject({ format: 'png', width: 360, height: 640 });
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });

  test('makes a clip whose every frame carries its own number, with sound', async () => {
    const bytes = await make(clip, 'clip');
    expect(bytes.equals(await make(clip, 'clip2'))).toBe(true);
    const path = join(folder, 'clip.bin');
    const probe = spawnSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path], {
      encoding: 'utf8',
    });
    expect(probe.stdout.trim().split('\n').sort()).toEqual(['aac', 'h264']);
    const raw = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], {
      maxBuffer: 1e9,
    }).stdout;
    const size = 360 * 640;
    expect(raw.length / size).toBe(24);
    const stripTop = 640 - stripLayout(360).height;
    const numbers = Array.from({ length: 24 }, (_, frame) =>
      readFrameCode(
        { width: 360, pixels: raw.subarray(frame * size, (frame + 1) * size) },
        { pictureWidth: 360, stripTop },
      ),
    );
    expect(numbers).toEqual(Array.from({ length: 24 }, (_, frame) => frame));
  });

  test('writes an accepted job down, so that another process can go on polling it', async () => {
    const job = await (await openProvider()).submit(still, token('kept'), signal);
    const afterRestart = await openProvider();
    while ((await afterRestart.poll(job, signal)).kind === 'pending');
    expect(await afterRestart.poll(job, signal)).toEqual({ kind: 'done' });
    const jobs = (await readdir(join(folder, 'jobs'))).filter((name) => name.endsWith('.job.json'));
    expect(jobs).toHaveLength(1);
  });

  test('says nothing of a job while the folder of jobs is not at its place', async () => {
    const provider = await openProvider();
    const job = await provider.submit(still, token('away'), signal);
    await rename(join(folder, 'jobs'), join(folder, 'jobs-away'));
    await expect(provider.poll(job, signal)).rejects.toMatchObject({ code: 'file.missing' });
    await rename(join(folder, 'jobs-away'), join(folder, 'jobs'));
    while ((await provider.poll(job, signal)).kind === 'pending');
    expect(await provider.poll(job, signal)).toEqual({ kind: 'done' });
  });

  test('has accepted a job whose file is there, although the disk failed afterwards', async () => {
    const failing = {
      ...durableFiles,
      async write(path: string, content: string | Uint8Array) {
        await durableFiles.write(path, content);
        throw new AppError({ code: 'disk.full', message: 'The disk is full.' });
      },
    };
    const provider = await openProvider(failing);
    const job = await provider.submit(still, token('late'), signal);
    expect(troubles).toMatchObject([{ code: 'disk.full' }]);
    while ((await provider.poll(job, signal)).kind === 'pending');
    expect(await provider.poll(job, signal)).toEqual({ kind: 'done' });
  });

  test('draws frames however small they are', async () => {
    const tiny = { ...still, output: { ...still.output, width: 64, height: 112 } };
    expect(await sharp(await make(tiny, 'tiny')).metadata()).toMatchObject({ width: 64, height: 112 });
  });

  test('says that a job which cannot be drawn has failed, and does not ask for it for ever', async () => {
    const provider = await openProvider();
    const broken = { ...still, refs: [{ role: 'loc:harbour:plate/wide', path: 'gone.png', hash }] };
    const job = await provider.submit(broken, token('broken'), signal);
    expect(await provider.poll(job, signal)).toMatchObject({ kind: 'failed', billedMicroUsd: 0 });
    expect((await readdir(join(folder, 'jobs'))).filter((name) => !name.endsWith('.job.json'))).toEqual([]);
  });

  test('refuses a parameter it does not know', async () => {
    const provider = await openProvider();
    const wrong = { ...still, params: { ...still.params, hints: 'fast' } };
    const error = await provider.submit(wrong, token('x'), signal).catch((thrown: unknown) => thrown);
    expect(provider.readSubmitError(error)).toMatchObject({ kind: 'rejected', failure: { category: 'permanent' } });
  });

  test('in rehearsal it is accepted and cut off as a paid engine can be, and lists the job when asked', async () => {
    rehearsal = {
      schema_version: 'circletake.rehearsal.v1',
      price_micro_usd: 40_000,
      faults: [{ shot_id: 'EP001_SH003', phase: 'keyframe', submit: 1, fault: 'dropped-after-accept' }],
    };
    const provider = await openProvider();
    const error = await provider.submit(still, token('cut'), signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EmbeddedFault);
    expect(provider.readSubmitError(error).kind).toBe('unknown');
    expect(await provider.reconcile({ id: 'cut' } as never)).toMatchObject({ kind: 'found' });
    expect(await provider.reconcile({ id: 'never-sent' } as never)).toEqual({ kind: 'absent' });
    expect(provider.estimate(still)).toBe(40_000);
  });
});
