import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src-main/platform/logger.ts';
import { externalRecord } from '../../../src-main/projects/external-record.ts';
import { createIngest, type Ingest } from '../../../src-main/projects/ingest-external.ts';
import type { OpenedProject } from '../../../src-main/projects/open-project.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { createFakeMedia } from '../../fakes/fake-media.ts';
import { makePng } from '../../fixtures/make-png.ts';
import { type MadeProject, makeProject } from '../../fixtures/make-project.ts';
import { openTestProject } from '../../fixtures/open-test-project.ts';
import { makeIntent, makeNewTake } from '../../fixtures/open-test-store.ts';

let made: MadeProject;
let opened: OpenedProject;
let clock: FakeClock;
let media: ReturnType<typeof createFakeMedia>;
let ingest: Ingest;

beforeEach(async () => {
  made = makeProject({ shots: 2, refs: false });
  clock = new FakeClock();
  await open();
});
afterEach(async () => {
  await ingest.close();
  await opened.close();
  made.remove();
});

async function open(): Promise<void> {
  // a clock of its own: what else the project waits for (its lock's heartbeat) is none of these tests' timers
  opened = await openTestProject(made.dir, { clock: new FakeClock() });
  media = createFakeMedia();
  const { store, paths } = opened;
  ingest = createIngest({ store, paths, media, clock, logger: silentLogger, project: () => 'test-film' });
}

const shotId = 'EP001_SH001';
const folder = 'EP001/SH001';
const red = makePng(8, 8, [255, 0, 0]);

async function look(at = folder): Promise<void> {
  const entries = await readdir(join(made.dir, 'output', at), { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  ingest.consider(
    at,
    files.map((entry) => ({ name: entry.name, isLink: entry.isSymbolicLink() })),
  );
}

/** Lets time pass until nothing is being looked at. */
async function settle(): Promise<void> {
  let idle = false;
  void ingest.idle().then(() => {
    idle = true;
  });
  for (let round = 0; !idle; round++) {
    if (round > 100_000) throw new Error('still busy');
    await clock.advance(300);
  }
}

async function put(name: string, content: string | Uint8Array, at = folder): Promise<void> {
  made.write(`output/${at}/${name}`, content);
  await look(at);
}

const takes = () => opened.store.takesOf(shotId);
const problems = () => opened.store.problems().filter((problem) => problem.key.startsWith('take-file:'));

describe('files that arrive in an output folder', () => {
  it('become external takes of their shot, with the phase that the name says or the kind suggests', async () => {
    await put('from-the-lab.mov', 'CLIP a');
    await put('rain_previs.mp4', 'CLIP b');
    await put('frame.png', red);
    await settle();
    const seen = Object.fromEntries(
      takes().map((take) => [take.path.split('/').at(-1), `${take.source} ${take.phase}`]),
    );
    expect(seen).toEqual({
      'from-the-lab.mov': 'external video',
      'rain_previs.mp4': 'external previs',
      'frame.png': 'external keyframe',
    });
    expect(takes().map((take) => take.number)).toEqual([1, 2, 3]);
    expect(opened.store.provenance(takes()[0]?.id ?? '')).toMatchObject({ source: 'external', project: 'test-film' });
    expect(problems()).toEqual([]);
  });

  it('are not touched while they grow', async () => {
    await put('slow.mp4', 'CLIP');
    for (let step = 0; step < 6; step++) {
      appendFileSync(join(made.dir, 'output', folder, 'slow.mp4'), 'more');
      await clock.advance(300);
      // the next look is planned when this one is over: two between two changes would find a file that rests
      while (clock.nextInMs() === null) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(media.hashed).toEqual([]);
    await settle();
    expect(takes().map((take) => take.probe.sizeBytes)).toEqual([28]);
  });

  it('are looked at anew when they change while they are being read', async () => {
    const path = join(made.dir, 'output', folder, 'late.mp4');
    const probe = media.probe;
    let changes = 1;
    media.probe = async (file) => {
      if (changes-- > 0) {
        appendFileSync(path, ' and the rest');
        utimesSync(path, new Date(), new Date());
      }
      return probe(file);
    };
    await put('late.mp4', 'CLIP');
    await settle();
    expect(takes().map((take) => take.probe.sizeBytes)).toEqual([17]);
  });

  it('are taken in once, however often they are seen and whatever they are called', async () => {
    await put('a.png', red);
    await settle();
    await look();
    await put('copy-of-a.png', red);
    await settle();
    renameSync(join(made.dir, 'output', folder, 'a.png'), join(made.dir, 'output', folder, 'b.png'));
    await look();
    await settle();
    expect(takes()).toHaveLength(1);
  });

  it('may hold the same bytes as a take of another shot', async () => {
    await put('a.png', red);
    await put('a.png', red, 'EP001/SH002');
    await settle();
    expect(opened.store.takesOfEpisode('EP001')).toHaveLength(2);
  });

  it('are takes too when they need a proxy', async () => {
    await put('master.mov', 'PRORES ...');
    await settle();
    expect(takes()).toMatchObject([{ probe: { playability: 'proxy-needed' } }]);
  });

  it('are ignored when they are records, hidden or half downloaded', async () => {
    for (const name of ['.hidden.mp4', 'a.json', 'b.mp4.part', 'c.crdownload', 'Thumbs.db', '~$d.mp4'])
      await put(name, 'CLIP');
    await settle();
    expect(takes()).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it('keep the number in their name when nobody has it', async () => {
    await put('SH001_T7_keyframe.png', red);
    await settle();
    expect(takes()).toMatchObject([{ id: 'EP001_SH001_T7', phase: 'keyframe' }]);
    expect(opened.store.nextTakeNumber(shotId)).toBe(8);
  });

  it('bring what a record beside them says of their making, if it is of these bytes', async () => {
    const path = made.write(`output/${folder}/hand.png`, red);
    const file = await media.hash(path);
    const base = { shotId, phase: 'previs' as const, number: 4, path: 'elsewhere.png', file, fileName: 'hand.png' };
    const record = externalRecord({ ...base, project: 'other', at: '2026-01-01T00:00:00.000Z', sidecar: null });
    const generation = { ...record.generation, model: 'flux', prompt: 'A pier.', seed: 12 };
    made.write(`output/${folder}/hand.json`, JSON.stringify({ ...record, generation }));
    made.write(`output/${folder}/other.png`, makePng(8, 8, [1, 2, 3]));
    made.write(`output/${folder}/other.json`, JSON.stringify({ ...record, generation }));
    made.write(`output/${folder}/broken.png`, makePng(8, 8, [4, 5, 6]));
    made.write(`output/${folder}/broken.json`, '{"take_id": ');
    await look();
    await settle();
    const known = Object.fromEntries(takes().map((take) => [take.path.split('/').at(-1), take]));
    expect(known['hand.png']).toMatchObject({ phase: 'previs', model: 'flux', seed: 12, costMicroUsd: 0 });
    expect(opened.store.provenance(known['hand.png']?.id ?? '').generation.prompt).toBe('A pier.');
    expect(known['other.png']).toMatchObject({ phase: 'keyframe', model: null });
    expect(known['broken.png']).toMatchObject({ phase: 'keyframe', model: null });
  });
});

describe('files of the app itself', () => {
  it('are left alone while the attempt that asked for their number may yet settle it, also after a crash', async () => {
    const number = opened.store.nextTakeNumber(shotId);
    opened.store.recordIntent(makeIntent('a1', { shotId, phase: 'keyframe' }));
    opened.store.advanceAttempt('a1', 'intent', 'submitting');
    opened.store.advanceAttempt('a1', 'submitting', 'submitted', { providerJobId: 'j', providerJob: {} });
    await put(`SH001_T${number}_keyframe.png`, red);
    await settle();
    await ingest.close();
    await opened.close();
    await open();
    await look();
    await settle();
    expect(takes()).toEqual([]);
    opened.store.advanceAttempt('a1', 'submitted', 'downloaded');
    const path = `output/${folder}/SH001_T${number}_keyframe.png`;
    opened.store.settleAttempt('a1', makeNewTake(shotId, number, { path, phase: 'keyframe' }), 0);
    await look();
    await settle();
    expect(takes()).toMatchObject([{ source: 'generated' }]);
  });

  it('are left alone while a decision is placing them, and taken in when that never came to an end', async () => {
    const number = opened.store.nextTakeNumber(shotId);
    await put(`SH001_T${number}_keyframe.png`, red);
    await settle();
    expect(takes()).toEqual([]);
    await ingest.close();
    await opened.close();
    await open();
    await look();
    await settle();
    expect(takes()).toMatchObject([{ number, source: 'external' }]);
  });
});

describe('files that cannot be takes', () => {
  it.each([
    ['notes.mp4', 'just text', folder, /not media/],
    ['score.wav', 'SOUND ...', folder, /holds sound/],
    ['a.png', red, 'EP001/SH999', /which no plan lists/],
    ['a.png', red, 'EP001', /not in the folder of a shot/],
    ['a_keyframe.mp4', 'CLIP', folder, /named as a keyframe but is a clip/],
    ['empty.mp4', '', folder, /not media/],
  ])('%s is said to be wrong, with the fix', async (name, content, at, message) => {
    await put(name, content, at);
    await settle();
    expect(problems()).toMatchObject([{ file: `output/${at}/${name}`, message: expect.stringMatching(message) }]);
    expect(problems()[0]?.hint).not.toBe('');
    rmSync(join(made.dir, 'output', at, name));
    await look(at);
    expect(problems()).toEqual([]);
    expect(opened.store.takesOfEpisode('EP001')).toEqual([]);
  });

  it('are not read again until they change, and become takes when they are mended', async () => {
    await put('a.mp4', 'nothing yet');
    await settle();
    const reads = media.hashed.length;
    await look();
    await settle();
    expect(media.hashed).toHaveLength(reads);
    await put('a.mp4', 'CLIP at last');
    await settle();
    expect(problems()).toEqual([]);
    expect(takes()).toHaveLength(1);
  });

  it('are never read through a link', async () => {
    mkdirSync(join(made.dir, 'output', folder), { recursive: true });
    symlinkSync('/etc/hostname', join(made.dir, 'output', folder, 'clip.mp4'));
    await look();
    await settle();
    expect(media.hashed).toEqual([]);
    expect(problems()).toMatchObject([{ message: expect.stringContaining('is a link') }]);
  });
});
