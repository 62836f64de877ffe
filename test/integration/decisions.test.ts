/** Decisions over the real Studio on a tiny project: what each leaves behind, and that undo puts it back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProjectServices, Studio } from '../../src-main/api/studio-services.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { createStudio } from '../../src-main/studio.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { makePng } from '../fixtures/make-png.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { lookUntil } from '../fixtures/spawn-studio.ts';

let dataFolder: string;
let made: MadeProject;
let studio: Studio;
let project: ProjectServices;
const shotId = 'EP001_SH001';

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'circletake-decisions-'));
  made = makeProject({ shots: 1, project: { resolution: { width: 180, height: 320 } } });
  studio = await createStudio({ dataFolder, rememberProjects: false, logger: silentLogger });
  const { id } = await studio.addProject(made.dir);
  project = studio.project(id);
});
afterEach(async () => {
  await studio.close();
  made.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

/** Runs one phase until it waits for a person. */
async function runPhase(phase: Phase): Promise<void> {
  const config = batchConfigSchema.parse({ episodeId: 'EP001', phases: [phase] });
  const batch = await project.batches.start(config);
  await until(async () => (await project.batches.list()).find((one) => one.id === batch.id)?.awaitingOperator === true);
}

const until = (holds: () => Promise<boolean>) => lookUntil(project, holds);

async function phaseRow(phase: Phase) {
  const [shot] = (await project.snapshot()).shots;
  if (!shot) throw new Error('the project has no shot');
  return shot.phases[phase];
}

async function newestTake() {
  const { takes } = await project.takes.list(shotId);
  const take = takes.at(-1);
  if (!take) throw new Error('there is no take');
  return take;
}

async function upload(bytes: Uint8Array, fileName: string): Promise<string> {
  async function* stream() {
    yield bytes;
  }
  return (await studio.uploads.receive({ fileName, declaredBytes: bytes.length }, stream())).uploadId;
}

describe('a previs that waits for the director', () => {
  beforeEach(() => runPhase('previs'));

  test('approving circles the take, ends the batch and enqueues the keyframe; undo puts all of it back', async () => {
    const take = await newestTake();
    const first = await project.review.approve({ takeId: take.id, note: '' });
    const second = await project.review.approve({ takeId: take.id, note: '' });
    expect(second.review.id).toBe(first.review.id);
    expect(await phaseRow('previs')).toMatchObject({
      state: 'stabilized',
      outcome: 'approved',
      approvedTakeId: take.id,
    });
    expect(await phaseRow('keyframe')).toMatchObject({ state: 'queued' });
    expect((await newestTake()).review).toBe('approved');
    await until(async () => (await project.batches.list())[0]?.status === 'complete');

    await project.review.undo();
    expect(await phaseRow('previs')).toMatchObject({ state: 'awaiting_operator', approvedTakeId: null });
    expect(await phaseRow('keyframe')).toMatchObject({ state: 'blocked' });
    expect((await newestTake()).review).toBe('unreviewed');
    await expect(project.review.undo()).rejects.toMatchObject({ code: 'review.nothing-to-undo' });
  });

  test('a decision that work was dispatched on can no longer be undone', async () => {
    await project.review.approve({ takeId: (await newestTake()).id, note: '' });
    await until(async () => (await project.batches.list())[0]?.status === 'complete');
    await runPhase('keyframe');
    await expect(project.review.undo()).rejects.toMatchObject({ code: 'review.too-late' });
    expect(await phaseRow('previs')).toMatchObject({ state: 'stabilized' });
  });

  test('rejecting makes another take with lineage and the note', async () => {
    const first = await newestTake();
    await project.review.reject({ takeId: first.id, reasons: ['lighting'], note: 'darker' });
    await until(async () => (await project.takes.list(shotId)).takes.length === 2);
    await until(async () => (await phaseRow('previs')).state === 'awaiting_operator');
    const second = await newestTake();
    const { provenance } = await project.takes.detail(second.id);
    expect(provenance.lineage?.parent_take).toBe(first.id);
    expect(provenance.lineage?.change_reason).toContain('darker');
    expect(second.sha256).not.toBe(first.sha256);
  });

  test('a circled take is protected: another approval and its rejection ask why', async () => {
    const first = await newestTake();
    await project.review.reject({ takeId: first.id, reasons: [], note: '' });
    await until(async () => (await project.takes.list(shotId)).takes.length === 2);
    await until(async () => (await phaseRow('previs')).state === 'awaiting_operator');
    const second = await newestTake();
    await project.review.approve({ takeId: second.id, note: '' });
    const protectedError = { code: 'take.protected' };
    await expect(project.review.approve({ takeId: first.id, note: ' ' })).rejects.toMatchObject(protectedError);
    await expect(project.review.reject({ takeId: second.id, reasons: [], note: '' })).rejects.toMatchObject(
      protectedError,
    );
    await project.review.approve({ takeId: first.id, note: 'the first one after all' });
    expect(await phaseRow('previs')).toMatchObject({ approvedTakeId: first.id });
    const { takes } = await project.takes.list(shotId);
    expect(takes.map((take) => take.review)).toEqual(['approved', 'unreviewed']);
  });

  test('an override must be of the kind of its phase and readable', async () => {
    const still = await upload(makePng(180, 320, [9, 90, 9]), 'own.png');
    const asVideo = project.review.override({ shotId, phase: 'video', uploadId: still, reason: 'mine' });
    await expect(asVideo).rejects.toMatchObject({ code: 'input.invalid' });
    const page = await upload(Buffer.from('<!doctype html><p>502'), 'clip.mp4');
    const broken = project.review.override({ shotId, phase: 'video', uploadId: page, reason: 'mine' });
    await expect(broken).rejects.toMatchObject({ code: 'media.unreadable' });
    const { review } = await project.review.override({ shotId, phase: 'keyframe', uploadId: still, reason: 'mine' });
    const detail = await project.takes.detail(review.takeId ?? '');
    expect(detail.take).toMatchObject({ source: 'override', review: 'approved', phase: 'keyframe' });
    expect(readFileSync(detail.displayPath)).toEqual(makePng(180, 320, [9, 90, 9]));
  });

  test('verification hashes the bytes again: a changed take and a missing hero are said', async () => {
    const take = await newestTake();
    const { displayPath } = await project.takes.detail(take.id);
    writeFileSync(displayPath, 'something else');
    const hero = made.refs[0]?.path ?? '';
    rmSync(join(made.dir, hero));
    const { files } = await project.takes.verify(take.id);
    expect(files.find((file) => file.role === 'take')?.result).toBe('changed');
    expect(files.find((file) => file.path === hero)?.result).toBe('missing');
    expect(files.filter((file) => file.result === 'matches').length).toBeGreaterThan(0);
  });
});

describe('heroes', () => {
  const slot = { subjectClass: 'char', subjectId: 'mara', kind: 'identity', view: 'front' } as const;
  const better = makePng(300, 400, [200, 10, 60]);

  test.each([
    ['a text file', Buffer.from('not a picture'), 'ref.refused'],
    ['a cut-off picture', better.subarray(0, better.length - 30), 'ref.refused'],
    ['a picture that is too small', makePng(100, 100, [1, 2, 3]), 'ref.refused'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'ref.refused'],
  ])('%s is refused and changes nothing', async (_what, bytes, code) => {
    const before = (await project.refs.list()).subjects;
    const uploadId = await upload(bytes, 'hero.png');
    await expect(project.refs.inspect(slot, uploadId)).rejects.toMatchObject({ code });
    await expect(project.refs.promote(slot, uploadId)).rejects.toMatchObject({ code });
    expect((await project.refs.list()).subjects).toEqual(before);
  });

  test('a promoted picture is what the next take is made with; the old take is marked; undo points back', async () => {
    await runPhase('previs');
    const old = await newestTake();
    const uploadId = await upload(better, 'better.png');
    expect(await project.refs.inspect(slot, uploadId)).toMatchObject({ width: 300, height: 400 });
    const promotion = await project.refs.promote(slot, uploadId);
    expect(readFileSync(join(made.dir, promotion.path))).toEqual(better);
    expect((await project.takes.list(shotId)).takes[0]?.madeWithOldHero).toBe(true);

    const again = await upload(better, 'same.png');
    await expect(project.refs.promote(slot, again)).rejects.toMatchObject({ code: 'ref.duplicate' });

    await project.review.reject({ takeId: old.id, reasons: ['identity'], note: '' });
    await until(async () => (await project.takes.list(shotId)).takes.length === 2);
    const { provenance } = await project.takes.detail((await newestTake()).id);
    expect(provenance.generation.refs_used.map((ref) => ref.hash)).toContain(promotion.sha256);

    const back = await project.refs.undo(slot);
    expect(back.sha256).toBe(promotion.supersedes);
    const marks = (await project.takes.list(shotId)).takes.map((take) => take.madeWithOldHero);
    expect(marks).toEqual([false, true]);
  });
});
