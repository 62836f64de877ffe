import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedProject } from '../../../src-main/projects/open-project.ts';
import { createResolveRefs } from '../../../src-main/refs/resolve-refs.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { type MadeProject, makePlan, makeProject } from '../../fixtures/make-project.ts';
import { openTestProject } from '../../fixtures/open-test-project.ts';

let made: MadeProject;
let opened: OpenedProject | null;
beforeEach(() => {
  made = makeProject({ shots: 3 });
  opened = null;
});
afterEach(async () => {
  await opened?.close();
  made.remove();
});

const open = async (): Promise<OpenedProject> => {
  opened = await openTestProject(made.dir, { clock: new FakeClock() });
  return opened;
};
const close = async () => {
  await opened?.close();
  opened = null;
};
const planFile = 'plans/ep_001_plan.json';
const mara = { subjectClass: 'char', subjectId: 'mara', kind: 'identity', view: 'front' } as const;
const broken = () => made.write(planFile, '{ "shots": [');

describe('opening a project', () => {
  it('brings its shots and heroes', async () => {
    const { store, documents, id } = await open();
    expect(store.shots('EP001').map((shot) => shot.id)).toEqual(made.shotIds);
    expect(store.activeRef(mara)?.path).toBe(made.refs[0]?.path);
    expect(documents.inForce.bible?.characters).toHaveLength(2);
    expect(id).toMatch(/^test-film-[0-9a-f]{6}$/);
    expect(store.problems()).toEqual([]);
  });

  it('works without a hero whose folder cannot be read, and names it', async () => {
    const folder = join(made.dir, 'assets', 'loc', 'pier');
    rmSync(folder, { recursive: true });
    symlinkSync(folder, folder);
    const { store } = await open();
    expect(store.shots('EP001')).toHaveLength(made.shotIds.length);
    const hero = expect.stringContaining('missing or cannot be read');
    expect(store.problems()).toContainEqual(
      expect.objectContaining({ key: expect.stringContaining('pier'), message: hero }),
    );
  });

  it('is refused a second time, and possible again after closing', async () => {
    await open();
    await expect(openTestProject(made.dir, { clock: new FakeClock() })).rejects.toMatchObject({
      code: 'project.in-use',
    });
    await close();
    await open();
  });

  it('leaves no lock behind when it fails', async () => {
    made.write('state/circletake.db', 'this is not a database');
    await expect(open()).rejects.toMatchObject({ code: 'store.corrupt' });
    expect(existsSync(join(made.dir, 'state', 'project.lock'))).toBe(false);
  });

  it('is refused when project.json is broken, naming file, line and fix', async () => {
    made.write('project.json', JSON.stringify({ ...made.project, fps: { num: 24, den: 0 } }, null, 2));
    await expect(open()).rejects.toMatchObject({
      ...{ code: 'project.invalid', message: expect.stringMatching(/project\.json.*fps\.den.*line \d+/s) },
      hint: expect.stringContaining('Mend project.json'),
    });
  });

  it('opens with a broken plan that never was good, and says so', async () => {
    broken();
    const { store } = await open();
    expect(store.shots('EP001')).toEqual([]);
    expect(store.problems()).toMatchObject([{ key: 'plan:EP001', severity: 'error', file: planFile }]);
  });

  it('keeps the last good plan in force while the file is broken, over restarts', async () => {
    await open();
    await close();
    broken();
    const { store, documents } = await open();
    expect(documents.inForce.plans.get('EP001')?.shots).toHaveLength(3);
    expect(store.shots('EP001')).toHaveLength(3);
    made.writePlan(makePlan(4));
    await documents.reload();
    expect(store.shots('EP001')).toHaveLength(4);
    expect(store.problems()).toEqual([]);
  });

  it('refuses a plan of another episode and a plan outside the project', async () => {
    made.writePlan({
      ...makePlan(1),
      episode_id: 'EP002',
      shots: [{ ...makePlan(1).shots[0], shot_id: 'EP002_SH001' }],
    });
    const first = await open();
    expect(first.store.problems()[0]?.message).toContain('plan of EP002');
    await close();
    const episodes = [{ id: 'EP001', title: 'One', plan: 'plans/../../evil.json' }];
    made.write('project.json', JSON.stringify({ ...made.project, episodes }));
    const second = await open();
    expect(second.store.problems()[0]?.message).toContain('outside the project');
  });

  it('does not use a hero whose file is not the one that was promoted', async () => {
    const path = made.refs[0]?.path ?? '';
    writeFileSync(join(made.dir, path), 'other bytes');
    rmSync(join(made.dir, made.refs[1]?.path ?? ''));
    const { store } = await open();
    expect(store.activeRef(mara)).toBeNull();
    expect(store.problems().map((problem) => problem.message)).toEqual(
      [expect.stringContaining('its hash differs'), expect.stringContaining('is missing')].sort(),
    );
  });

  it('lets the pointer table win over the manifest once it has a slot', async () => {
    const first = await open();
    const before = first.store.activeRef(mara);
    const promoted = { ...(before ?? made.refs[0]), path: 'assets/char/mara/base/pool/identity/front.new.png' };
    first.store.promote({ ...promoted, sha256: `sha256:${'cd'.repeat(32)}` } as never);
    await close();
    const { store } = await open();
    expect(store.activeRef(mara)?.path).toBe(promoted.path);
  });

  it('names what the plan asks for and bible and heroes lack, until it is there', async () => {
    made.writePlan(makePlan(2, (shot) => ({ ...shot, asset_data: { ...shot.asset_data, location_id: 'lighthouse' } })));
    const { store, documents } = await open();
    const check = () => documents.checkRefs(createResolveRefs(store));
    check();
    expect(store.problems().map((problem) => problem.key)).toEqual([
      'bible-missing:loc:lighthouse',
      'ref-missing:loc:lighthouse:plate/wide',
    ]);
    made.writePlan(makePlan(2));
    await documents.reload();
    check();
    expect(store.problems()).toEqual([]);
  });

  it('forgets the plan of an episode that is no longer listed', async () => {
    const two = [...made.project.episodes, { id: 'EP002', title: 'Two', plan: 'plans/ep_002_plan.json' }];
    made.write('project.json', JSON.stringify({ ...made.project, episodes: two }));
    const { store, documents } = await open();
    expect(store.problems()).toMatchObject([{ key: 'plan:EP002' }]);
    made.write('project.json', JSON.stringify(made.project));
    await documents.reload();
    expect(store.problems()).toEqual([]);
  });

  it('takes a raised project cap at once', async () => {
    const { store, documents } = await open();
    const caps = { ...made.project.caps, project_micro_usd: 77_000_000 };
    made.write('project.json', JSON.stringify({ ...made.project, caps }));
    await documents.reload();
    expect(store.projectSpend().capMicroUsd).toBe(77_000_000);
  });
});
