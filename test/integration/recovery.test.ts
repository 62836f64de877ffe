/** What a process that was ended leaves behind, and what the next one makes of it. The whole Studio over real files. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Phase } from '../../src-shared/domain/phase.ts';
import { manifestSchema, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { runCircletake } from '../fixtures/spawn-circletake.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';

let project: MadeProject;
let open: OpenStudio | null = null;
beforeEach(() => {
  project = makeProject({ shots: 2 });
});
afterEach(async () => {
  await open?.close();
  open = null;
  project.remove();
});

async function reopen(): Promise<OpenStudio> {
  await open?.close();
  open = await openStudio(project.dir);
  return open;
}

async function approveAll(studio: OpenStudio, phase: Phase): Promise<void> {
  for (const take of await studio.takes()) {
    if (take.phase === phase) await studio.services.review.approve({ takeId: take.id, note: '' });
  }
}

const inProject = (path: string) => join(project.dir, path);
const statusOf = async (studio: OpenStudio, batchId: string) =>
  (await studio.services.batches.list()).find(({ id }) => id === batchId)?.status;

describe('a batch that was closed while it waited for the director', () => {
  it('is over when the last of its takes is decided after the restart, and the next batch starts', async () => {
    const before = await reopen();
    const { id } = await before.start();
    await before.rest(id);
    const after = await reopen();
    expect(await statusOf(after, id)).toBe('running');
    await expect(after.start({ phases: ['keyframe'] })).rejects.toMatchObject({ code: 'batch.already-active' });
    await approveAll(after, 'previs');
    await after.until(async () => (await statusOf(after, id)) === 'complete');
    const next = await after.start({ phases: ['keyframe'] });
    expect(await after.rest(next.id)).toMatchObject({ status: 'running', awaitingOperator: true });
  });

  it('lets a script go from phase to phase', async () => {
    const dataFolder = inProject('.data');
    const scope = (phase: Phase) => [project.dir, '--episode', 'EP001', '--phase', phase];
    const codes: (number | null)[] = [];
    for (const phase of ['previs', 'keyframe'] as const) {
      codes.push((await runCircletake(['run', ...scope(phase)], dataFolder)).code);
      codes.push((await runCircletake(['approve', ...scope(phase), '--all'], dataFolder)).code);
    }
    codes.push((await runCircletake(['run', ...scope('keyframe')], dataFolder)).code);
    expect(codes).toEqual([3, 0, 3, 0, 0]);
  });
});

describe('exports that a killed process had not written', () => {
  it('are written at the next start, whatever happens in it', async () => {
    const before = await reopen();
    await before.rest((await before.start()).id);
    await before.close();
    const manifest = inProject('output/manifests/EP001_manifest.json');
    const sidecar = inProject('output/EP001/SH001/SH001_T1_previs.json');
    rmSync(sidecar);
    writeFileSync(manifest, readFileSync(manifest, 'utf8').slice(0, 100));
    forgetExports();
    const after = await reopen();
    await after.close();
    expect(manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).total_takes).toBe(2);
    expect(provenanceRecordSchema.parse(JSON.parse(readFileSync(sidecar, 'utf8'))).take_id).toBe('EP001_SH001_T1');
  });
});

describe('what was being written', () => {
  it('is cleared away at the next start, and nothing else is', async () => {
    const rubbish = [
      'state/.project.lock.0123456789ab.part',
      'state/visual/batches/.batch_EP001_0.json.0123456789ab.part',
      'state/learning/.latest_report.json.0123456789ab.part',
      'output/manifests/.EP001_manifest.json.0123456789ab.part',
      'output/EP001/SH001/.SH001_T1_previs.json.0123456789ab.part',
      'assets/char/mara/base/pool/identity/.front.png.0123456789ab.part',
      '.circletake/embedded/.emb_att_0.job.json.0123456789ab.part',
      '.circletake/providers/.uploads.json.0123456789ab.part',
      '.circletake/providers/google/.goo_att_0.result.png.0123456789ab.part',
      '.circletake/work/att_0',
    ];
    const theirs = ['output/EP001/SH001/notes.part', 'assets/.mine.part', 'bible/.bible.json.0123456789ab.part'];
    for (const path of [...rubbish, ...theirs]) {
      mkdirSync(dirname(inProject(path)), { recursive: true });
      writeFileSync(inProject(path), 'half');
    }
    await reopen();
    const left = new Set(await readdir(project.dir, { recursive: true }));
    expect(rubbish.filter((path) => left.has(path))).toEqual([]);
    expect(theirs.filter((path) => !left.has(path))).toEqual([]);
  });
});

describe('a project that could not be opened to the end', () => {
  it('is not held by the process that failed', async () => {
    project.write('rehearsal.json', '{"schema_version": "circletake.rehearsal.v1", "price": 3}');
    await expect(openStudio(project.dir)).rejects.toMatchObject({ code: 'project.invalid' });
    rmSync(inProject('rehearsal.json'));
    expect((await reopen()).log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** The database as the killed process left it: the exports had not yet followed. */
function forgetExports(): void {
  const database = new Database(inProject('state/circletake.db'));
  database.exec(`DELETE FROM meta WHERE key = 'exported_seq'`);
  database.close();
}
