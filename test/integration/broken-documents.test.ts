/** A slip in an editor: said by file, line and field; what was good stays in force; mended, it is forgotten. The app goes on. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src-shared/domain/journal.ts';
import type { PlanFile } from '../../src-shared/domain/plan.ts';
import { makePng } from '../fixtures/make-png.ts';
import { type MadeProject, makePlan, makeProject } from '../fixtures/make-project.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';

const priceMicroUsd = 40_000;
let project: MadeProject;
let open: OpenStudio;
beforeEach(() => {
  project = makeProject();
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd };
  project.write('rehearsal.json', JSON.stringify(rehearsal));
});
afterEach(async () => {
  await open.close();
  project.remove();
});

const problemOf = (file: string): Promise<Problem> =>
  open.until(async () => (await open.services.snapshot()).problems.find((problem) => problem.file === file));
const noProblem = () => open.until(async () => (await open.services.snapshot()).problems.length === 0);
const shotIds = async () => (await open.services.snapshot()).shots.map(({ id }) => id);
const read = (path: string) => readFileSync(join(project.dir, path), 'utf8');
const lineOf = (path: string, text: string) => read(path).slice(0, read(path).indexOf(text)).split('\n').length;

/** Changes a document as an editor does: by its text. */
function edit(path: string, from: string | RegExp, to: string): string {
  const before = read(path);
  expect(before).toMatch(from);
  project.write(path, before.replace(from, to));
  return before;
}

describe.each([
  {
    ...{ path: 'plans/ep_001_plan.json', slip: /"duration": 2/, wrong: '"duration": "2 s"' },
    ...{ at: '"duration": "2 s"', field: 'shots[0].routing_data.duration' },
  },
  {
    path: 'bible/bible.json',
    slip: /"id": "theo"/,
    wrong: '"id": "The o!"',
    at: '"The o!"',
    field: 'characters[1].id',
  },
  { path: 'project.json', slip: /"width": 64/, wrong: '"width": -64', at: '"width": -64', field: 'resolution.width' },
])('a wrong field in $path', ({ path, slip, wrong, at, field }) => {
  it('is named with its line while the last good version stays in force, until it is mended', async () => {
    open = await openStudio(project.dir);
    const before = edit(path, slip, wrong);
    const problem = await problemOf(path);
    expect(problem).toMatchObject({ severity: 'error', where: `line ${lineOf(path, at)}, ${field}` });
    expect(problem.message).toContain(`${path}: ${field}: `);
    expect(await shotIds()).toEqual(project.shotIds);
    const { id } = await open.start();
    await open.rest(id);
    expect(await open.takes()).toHaveLength(3);
    project.write(path, before);
    await noProblem();
    expect(open.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a document that is cut off in the middle', () => {
  it.each(['plans/ep_001_plan.json', 'bible/bible.json', 'project.json'])('%s is named with the line', async (path) => {
    open = await openStudio(project.dir);
    const whole = read(path);
    const half = whole.slice(0, Math.floor(whole.length / 2));
    project.write(path, half);
    const problem = await problemOf(path);
    expect(problem.message).toContain(`${path} is not valid JSON`);
    expect(problem.where).toBe(`line ${half.split('\n').length}`);
    expect(await shotIds()).toEqual(project.shotIds);
    project.write(path, whole);
    await noProblem();
  });
});

describe('a plan that was broken while the app was closed', () => {
  it('leaves the last good one in force, also over a restart', async () => {
    open = await openStudio(project.dir);
    await open.close();
    edit(
      'plans/ep_001_plan.json',
      /"scene_id": "EP001_SC01",\n\s+"prompt_data"/,
      '"scene_id": "EP001_SC09", "prompt_data"',
    );
    open = await openStudio(project.dir);
    const problem = await problemOf('plans/ep_001_plan.json');
    expect(problem.message).toContain('no scene EP001_SC09 in this plan');
    expect(await shotIds()).toEqual(project.shotIds);
    project.writePlan(makePlan(4));
    await noProblem();
    expect(await shotIds()).toHaveLength(4);
  });

  it('is told of a plan that is gone', async () => {
    open = await openStudio(project.dir);
    rmSync(join(project.dir, 'plans/ep_001_plan.json'));
    expect((await problemOf('plans/ep_001_plan.json')).message).toContain('missing');
    expect(await shotIds()).toEqual(project.shotIds);
  });
});

describe('a project.json that cannot be read at the start', () => {
  it('keeps the project closed, with the line and field, and the folder free', async () => {
    const before = edit('project.json', /"slug": "test-film"/, '"slug": "Test Film"');
    await expect(openStudio(project.dir)).rejects.toMatchObject({
      ...{
        code: 'project.invalid',
        message: expect.stringContaining(`line ${lineOf('project.json', '"slug"')}, slug`),
      },
    });
    project.write('project.json', before);
    open = await openStudio(project.dir);
  });
});

describe('a shot whose reference has no hero', () => {
  const missing = { subjectClass: 'prop', subjectId: 'radio', kind: 'base', view: 'front' } as const;

  beforeEach(async () => {
    const plan: PlanFile = makePlan(3);
    plan.shots[0]?.asset_data.props.push({ prop_id: 'radio', slot: 'base/front' });
    project.writePlan(plan);
    edit('bible/bible.json', /"props": \[/, '"props": [{ "id": "radio", "name": "Radio" },');
    open = await openStudio(project.dir);
  });

  async function runUntilItWaits(): Promise<string> {
    const { id } = await open.start();
    const batch = await open.rest(id);
    expect(batch).toMatchObject({ status: 'running', awaitingOperator: true });
    expect(batch.spend).toMatchObject({ settledMicroUsd: 2 * priceMicroUsd, reservedMicroUsd: 0 });
    const { shots, summaries } = await open.services.snapshot();
    expect(shots[0]?.phases.previs).toMatchObject({ state: 'awaiting_operator', attempts: 0 });
    expect(shots[0]?.phases.previs.reason).toBe(
      'Cannot start: No hero yet for prop:radio:base/front. Promote one in Refs.',
    );
    expect(summaries.EP001_SH001).toMatchObject({ takeCount: 0, spentMicroUsd: 0 });
    return id;
  }
  const itsTake = () => open.until(async () => (await open.takes()).find(({ shotId }) => shotId === 'EP001_SH001'));

  it('waits with the reason, costs nothing, and goes on by itself once a hero is promoted', async () => {
    await runUntilItWaits();
    expect((await open.services.snapshot()).problems).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('No hero yet for prop:radio:base/front. 1 shot') },
    ]);
    const upload = await open.studio.uploads.receive({ fileName: 'radio.png', declaredBytes: null }, bytesOf(radio));
    await open.services.refs.promote(missing, upload.uploadId);
    expect(await itsTake()).toMatchObject({ number: 1, phase: 'previs', costMicroUsd: priceMicroUsd });
    await noProblem();
  });

  it('goes on as well when the hero arrives in the manifest of heroes', async () => {
    await runUntilItWaits();
    const sha256 = `sha256:${createHash('sha256').update(radio).digest('hex')}`;
    const path = `assets/prop/radio/base/pool/base/front.${sha256.slice(7, 19)}.png`;
    project.write(path, radio);
    const hero = { subject_class: 'prop', subject_id: 'radio', kind: 'base', view: 'front', path, sha256 };
    const row = { ...hero, source: 'drawn', promoted_at: '2026-01-02T00:00:00.000Z', supersedes: null };
    const manifest = JSON.parse(read('assets/refs.manifest.json'));
    project.write('assets/refs.manifest.json', JSON.stringify({ ...manifest, slots: [...manifest.slots, row] }));
    expect(await itsTake()).toMatchObject({ number: 1 });
  });

  it('waits on while its batch is on hold', async () => {
    const id = await runUntilItWaits();
    await open.services.batches.pause(id);
    const upload = await open.studio.uploads.receive({ fileName: 'radio.png', declaredBytes: null }, bytesOf(radio));
    await open.services.refs.promote(missing, upload.uploadId);
    await noProblem();
    expect(await open.takes()).toHaveLength(2);
    await open.services.batches.resume(id);
    await itsTake();
  });
});

const radio = makePng(512, 512, [200, 40, 90]);

async function* bytesOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
