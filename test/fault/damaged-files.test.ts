/**
 * D13: files of a project and of the program that were damaged while it was closed: cut off, zeroed, filled with rubbish,
 * emptied. What is good is used, what is damaged stays as it was found or is kept aside, and nothing is begun anew unasked.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { createStudio } from '../../src-main/studio.ts';
import { manifestSchema, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { report } from './fault-size.ts';
import { seededChance } from './seeded-chance.ts';
import { workThrough } from './work-through.ts';

const shots = 2;
const takes = shots + 1;
const keep = mkdtempSync(join(tmpdir(), 'circletake-damaged-'));
let made: MadeProject;
let dir: string;
let open: OpenStudio | null = null;
let count = 0;

type Damage = (bytes: Buffer) => Buffer;
const damages: Record<string, Damage> = {
  'cut off in the middle': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  'full of zeros': (bytes) => Buffer.alloc(bytes.length),
  'full of rubbish': (bytes) => rubbish(bytes.length),
  empty: () => Buffer.alloc(0),
  'with a hole of zeros': (bytes) => {
    const holed = Buffer.from(bytes);
    return holed.fill(0, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6));
  },
};

beforeAll(async () => {
  made = makeProject({ shots });
  dir = made.dir;
  const studio = await openStudio(dir);
  await workThrough(studio, { phases: ['previs'] });
  await studio.services.handoff.exportEpisode('EP001');
  await studio.close();
  cpSync(dir, join(keep, 'project'), { recursive: true });
});
beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  cpSync(join(keep, 'project'), dir, { recursive: true });
  count++;
});
afterEach(async () => {
  await open?.close();
  open = null;
});
afterAll(() => {
  rmSync(keep, { recursive: true, force: true });
  made.remove();
  report('D13', `${count} damaged files: databases, logs, JSON, JSONL, the list of projects, the lock`);
});

const inDir = (path: string) => join(dir, path);
const hashOf = (path: string) =>
  createHash('sha256')
    .update(readFileSync(inDir(path)))
    .digest('hex');
const named = (folder: string, pattern: RegExp) =>
  `${folder}/${readdirSync(inDir(folder)).find((name) => pattern.test(name)) ?? 'nothing'}`;

function damage(path: string, how: Damage): void {
  writeFileSync(inDir(path), how(readFileSync(inDir(path))));
}

function rubbish(length: number): Buffer {
  const chance = seededChance(13);
  return Buffer.from(Array.from({ length }, () => chance.below(256)));
}

const everyDamage = Object.entries(damages).map(([title, how]) => ({ title, how }));

async function expectAllThere(studio: OpenStudio): Promise<void> {
  expect(await studio.takes()).toHaveLength(takes);
  const reviews = await Promise.all(made.shotIds.map((id) => studio.services.review.history(id)));
  expect(reviews.flat().filter(({ action }) => action === 'approve')).toHaveLength(shots);
  expect(reviews.flat().filter(({ action }) => action === 'reject')).toHaveLength(1);
}

describe.each(everyDamage)('the database, $title', ({ how }) => {
  it('is refused or read, never begun anew; moved aside, its takes come back from their files', async () => {
    damage('state/circletake.db', how);
    const before = hashOf('state/circletake.db');
    const refused = await openStudio(dir).then(
      (studio) => {
        open = studio;
        return null;
      },
      (error: Error) => error,
    );
    if (open) return expectAllThere(open);
    expect(refused).toMatchObject({ code: 'store.corrupt', message: expect.stringContaining('circletake.db') });
    expect(refused).toMatchObject({ hint: expect.stringContaining('left as it is') });
    expect(hashOf('state/circletake.db'), 'it is as it was found').toBe(before);
    renameSync(inDir('state/circletake.db'), inDir('state/damaged.db'));
    open = await openStudio(dir);
    const studio = open;
    const found = await studio.until(async () => {
      const all = await studio.takes();
      return all.length === takes && all.every(({ seed }) => seed !== null) ? all : null;
    });
    expect(found.every(({ source }) => source === 'external')).toBe(true);
    expect(existsSync(inDir('state/damaged.db'))).toBe(true);
  });
});

describe.each(everyDamage)('a write-ahead log, $title, beside a good database', ({ how }) => {
  it('costs nothing that was committed before it', async () => {
    writeFileSync(inDir('state/circletake.db-wal'), how(rubbish(40_000)));
    open = await openStudio(dir);
    await expectAllThere(open);
  });
});

describe.each(everyDamage)('an export, $title', ({ how }) => {
  it.each([
    { name: 'the manifest', path: () => 'output/manifests/EP001_manifest.json' },
    { name: 'the manifest in lines', path: () => 'output/manifests/provenance_manifest.jsonl' },
    { name: 'a sidecar', path: () => named('output/EP001/SH002', /\.json$/) },
    { name: 'a batch file', path: () => named('state/visual/batches', /\.json$/) },
  ])('$name: the app opens with all it had, and the export is written again whole', async ({ path }) => {
    const file = path();
    damage(file, how);
    open = await openStudio(dir);
    await expectAllThere(open);
    await open.services.handoff.exportEpisode('EP001');
    const manifest = JSON.parse(readFileSync(inDir('output/manifests/EP001_manifest.json'), 'utf8'));
    expect(manifestSchema.parse(manifest).total_takes).toBe(takes);
    const lines = readFileSync(inDir('output/manifests/provenance_manifest.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => provenanceRecordSchema.parse(JSON.parse(line)))).toHaveLength(takes);
    const sidecar = named('output/EP001/SH002', /\.json$/);
    provenanceRecordSchema.parse(JSON.parse(readFileSync(inDir(sidecar), 'utf8')));
    expect(open.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe.each(everyDamage)('what is learned, $title', ({ how }) => {
  it('keeps no project closed', async () => {
    const folder = inDir('state/learning');
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) damage(`state/learning/${name}`, how);
    open = await openStudio(dir);
    await expectAllThere(open);
  });
});

describe.each(everyDamage)('an author’s document, $title', ({ how }) => {
  it.each(['plans/ep_001_plan.json', 'bible/bible.json', 'assets/refs.manifest.json'])(
    '%s is a visible problem and stays as it was found',
    async (path) => {
      damage(path, how);
      const before = hashOf(path);
      open = await openStudio(dir);
      const { problems } = await open.services.snapshot();
      expect(problems.map(({ file }) => file)).toContain(path);
      await expectAllThere(open);
      expect(hashOf(path)).toBe(before);
    },
  );
});

describe.each(everyDamage)('what the program keeps for itself, $title', ({ how }) => {
  it('the list of projects is set aside and the app starts', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'circletake-damaged-data-'));
    const list = join(dataFolder, 'projects.json');
    const options = { dataFolder, rememberProjects: true, logger: silentLogger };
    const first = await createStudio(options);
    await first.addProject(dir);
    await first.close();
    writeFileSync(list, how(readFileSync(list)));
    const second = await createStudio(options);
    expect(await second.projects.list()).toEqual([]);
    expect(readdirSync(dataFolder).filter((name) => name.startsWith('projects.json.damaged-'))).toHaveLength(1);
    await second.addProject(dir);
    await second.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('a lock of nobody is taken over', async () => {
    writeFileSync(inDir('state/project.lock'), how(Buffer.from('{"pid": 12345678, "host": "here"}')));
    open = await openStudio(dir);
    await expectAllThere(open);
  });
});
