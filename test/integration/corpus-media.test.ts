import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMechanicalGate } from '../../src-main/gates/mechanical/mechanical-gate.ts';
import type { GateExpectation } from '../../src-main/orchestrator/ports/gate.ts';
import { type MediaProbe, mediaProbeSchema } from '../../src-shared/domain/media.ts';
import { gateResultSchema } from '../../src-shared/domain/verdict.ts';
import { corpusFiles, corpusFolder } from '../fixtures/media-corpus.ts';
import { type MediaWorld, openMediaWorld } from '../fixtures/media-world.ts';

const films = /\.(mp4|mov|webm|mkv|avi|mxf|ts)$/;
/** Wrong names on good bytes: they are what they are by content. */
const harmlessHostile = ['jpeg_named.mp4', 'mp4_named.png', 'webm_named.mp4', 'sample3.invalid.wav'];
/** These cannot be decoded by anything here, and the reason is said. */
const lockedFilms: Record<string, RegExp> = { 'gizmo-frag.mp4': /encrypted/ };

let world: MediaWorld;

beforeAll(async () => {
  world = await openMediaWorld();
});
afterAll(() => world.close());

const nothingAsked: GateExpectation = {
  phase: 'video',
  kind: null,
  width: null,
  height: null,
  frameRate: null,
  durationSeconds: null,
  audio: null,
};

async function judge(path: string, probe: MediaProbe) {
  const gate = createMechanicalGate(world.workshop);
  const result = await gate.measure({ path, probe, expectation: nothingAsked }, new AbortController().signal);
  return gateResultSchema.parse(result);
}

describe.skipIf(corpusFolder === null)('hostile files', () => {
  test.each(corpusFiles('hostile'))(
    '%s comes to an end, in words, and never as a good take',
    async (name, path) => {
      const probe = mediaProbeSchema.parse(await world.workshop.probe(path));
      const result = await judge(path, probe);
      expect(result.reason.length).toBeGreaterThan(10);
      if (!harmlessHostile.includes(name)) expect(result.status).toBe('fail');
      if (probe.playability === 'unreadable') expect(probe.problem).toMatch(/[a-z].*\.$/);
      expect(JSON.stringify(result)).not.toContain('root:');
    },
    120_000,
  );

  test('the wrongly named ones are taken for what they are', async () => {
    const kinds: Record<string, string> = {};
    for (const [name, path] of corpusFiles('hostile')) {
      if (harmlessHostile.includes(name)) kinds[name] = (await world.workshop.probe(path)).container;
    }
    expect(kinds).toEqual({
      'jpeg_named.mp4': 'jpeg',
      'mp4_named.png': 'mp4',
      'sample3.invalid.wav': 'wav',
      'webm_named.mp4': 'webm',
    });
  });

  test('none of them is read past its own bytes: no file and no connection is opened for a playlist', async () => {
    for (const name of ['hls_concat_exfil.mp4', 'hls_playlist_named_lfi.mp4']) {
      const path = join(corpusFolder ?? '', 'hostile', name);
      // also when the sniffing were fooled, ffmpeg itself must refuse
      const { inputArguments } = await import('../../src-main/media/ffmpeg.ts');
      const result = await world.ffmpeg.attempt(['-v', 'error', ...inputArguments(path), '-f', 'null', '-']);
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toMatch(/not on whitelist|Invalid data|Invalid argument/);
    }
  });
});

describe.skipIf(corpusFolder === null)('real and odd films', () => {
  const all = ['video-real', 'video-odd', 'derived'].flatMap((folder) => corpusFiles(folder, films));

  test.each(all)('%s is probed with size, length and codec', async (name, path) => {
    const probe = mediaProbeSchema.parse(await world.workshop.probe(path));
    const locked = lockedFilms[name];
    if (locked)
      return expect(probe).toMatchObject({ playability: 'unreadable', problem: expect.stringMatching(locked) });
    if (probe.kind === 'audio') return expect(probe.audioCodec).toBe('aac');
    expect(probe).toMatchObject({ kind: 'clip', problem: null });
    expect(['native', 'proxy-needed']).toContain(probe.playability);
    expect([probe.width, probe.height, probe.durationSeconds, probe.frameCount, probe.videoCodec]).not.toContain(null);
  });

  test('sizes are as shown: turned and stretched', async () => {
    const sizes: Record<string, (number | null)[]> = {};
    for (const [name, path] of all) {
      if (!/^(rotate_90|sar_2x1|pal_anamorphic|vertical)/.test(name)) continue;
      const { width, height, rotation } = await world.workshop.probe(path);
      sizes[name] = [width, height, rotation];
    }
    expect(sizes).toEqual({
      'rotate_90.mp4': [360, 640, 90],
      'sar_2x1.mp4': [1280, 360, 0],
      'pal_anamorphic_bt601.mp4': [1024, 576, 0],
      'vertical_9x16.mp4': [360, 640, 0],
    });
  });

  // 4K HDR and five minutes are for the bench; a changed size inside the film loses its last frame in ffmpeg itself
  const quick = all.filter(([name]) => !/TestPatternHDR|movie_300|resize/.test(name));

  test.each(quick)('%s is prepared with every frame in its proxy', async (_, path) => {
    const probe = await world.workshop.probe(path);
    if (probe.kind === 'audio' || probe.playability === 'unreadable') return;
    const { sha256 } = await world.workshop.hash(path);
    const made = await world.cache.ensurePrepared({ path, sha256, probe });
    expect(made.record.prepared).toMatchObject({ poster: true, proxy: true });
    expect(made.record.metrics?.decode).toEqual({ ok: true, message: null });
    const proxy = await world.workshop.probe(made.proxyPath ?? '');
    expect(proxy.frameCount).toBe(probe.frameCount);
    expect(Math.min(proxy.width ?? 0, proxy.height ?? 0)).toBeLessThanOrEqual(540);
  });
});

describe.skipIf(corpusFolder === null)('names', () => {
  test('every name of the list is probed as any other', async () => {
    const list: unknown = JSON.parse(
      await readFile(join(corpusFolder ?? '', 'names', 'weird-file-names.json'), 'utf8'),
    );
    const names = (list as { names: string[] }).names;
    const [, dashed] = corpusFiles('names', /^-video/)[0] ?? ['', ''];
    expect((await world.workshop.probe(dashed)).frameCount).toBe(5);
    let tried = 0;
    for (const name of names) {
      const path = join(world.folder, name);
      // some are no names on some systems
      if (
        !(await copyFile(dashed, path).then(
          () => true,
          () => false,
        ))
      )
        continue;
      tried += 1;
      expect(await world.workshop.probe(path), name).toMatchObject({ container: 'mp4', frameCount: 5 });
    }
    expect(tried).toBeGreaterThan(names.length / 2);
  });
});
