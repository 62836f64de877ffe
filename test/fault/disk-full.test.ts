/**
 * D6: a disk that is really full, in the middle of a batch: a small tmpfs filled to the brim. It is said which file found no
 * room, nothing is recorded that is not there, what was paid for is kept or fetched again, and nothing is paid twice.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../src-shared/domain/batch.ts';
import { type MadeProject, makeProject } from '../fixtures/make-project.ts';
import { mountSmallDisk, type SmallDisk, smallDiskTrouble } from '../fixtures/spawn-small-disk.ts';
import { type OpenStudio, openStudio } from '../fixtures/spawn-studio.ts';
import { faultSize, report } from './fault-size.ts';
import { inspectProduction } from './inspect-production.ts';
import { seededChance } from './seeded-chance.ts';

const shots = 4;
const priceMicroUsd = 40_000;
const namesTheFile =
  /^The disk is full: (“.+” could not be written to |the project's database .+ could not be written)/;
/** KiB left, telling ones first; the long run adds more between them */
const sizes = faultSize('D6', { ci: 9, long: 49 });
// 36 KiB hold all three takes
const outputSizes = spread([0, 8, 24], Math.round(sizes / 3), 35);
const projectSizes = spread([0, 64, 200, 400, 600, 900], sizes - outputSizes.length, 1000);
const trouble = smallDiskTrouble();
report(
  'D6',
  trouble === null ? `${sizes + 1} sizes of a full disk` : `NOT RUN, no small disk can be mounted here: ${trouble}`,
);

let project: MadeProject;
let disk: SmallDisk;
let open: OpenStudio | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
  disk.remove();
  project.remove();
});

/** One take is there and circled before the disk is filled. */
async function openFilled(place: 'project' | 'output', freeKb: number): Promise<OpenStudio> {
  const bare = makeProject({ shots });
  disk = mountSmallDisk(place === 'project' ? bare.dir : join(bare.dir, 'output'));
  // what is mounted over a folder hides what was in it
  project = place === 'project' ? { ...makeProject({ shots, dir: bare.dir }), remove: bare.remove } : bare;
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: priceMicroUsd };
  project.write('rehearsal.json', JSON.stringify(rehearsal));
  open = await openStudio(project.dir);
  const { id } = await open.start({ shotFilter: ['EP001_SH001'] });
  await open.rest(id);
  await open.services.review.approve({ takeId: 'EP001_SH001_T1', note: '' });
  const { services } = open;
  await open.until(async () => (await services.batches.list()).every(({ status }) => status === 'complete'));
  disk.fill(freeKb * 1024);
  return open;
}

/** Runs into the full disk; answers what was said of it, and the batch if it could be started. */
async function runIntoFullDisk(studio: OpenStudio): Promise<{ said: string; batch: Batch | null }> {
  const refused = (error: Error) => error;
  const batch = await studio.start().catch(refused);
  if (batch instanceof Error) return { said: batch.message, batch: null };
  let said = '';
  await vi.waitFor(
    async () => {
      const now = (await studio.services.batches.list()).find(({ id }) => id === batch.id);
      const unrecorded = studio.log.find(({ message }) => message === 'a stopped run could not be recorded');
      said = now?.statusReason ?? (unrecorded ? String(Reflect.get(Object(unrecorded.error), 'message')) : '');
      expect(said).not.toBe('');
    },
    { timeout: 60_000, interval: 50 },
  );
  return { said, batch };
}

async function expectOldTakesReadable(studio: OpenStudio): Promise<void> {
  const takes = await studio.takes();
  expect(takes.map(({ id }) => id)).toContain('EP001_SH001_T1');
  for (const { id } of takes) {
    const { files } = await studio.services.takes.verify(id);
    expect(files.map(({ path, result }) => `${path} ${result}`)).toEqual(files.map(({ path }) => `${path} matches`));
    await studio.services.media.take(id, 'original');
  }
}

async function finish(studio: OpenStudio): Promise<void> {
  const waiting = (await studio.services.batches.list()).find(({ status }) => status === 'paused');
  const batch = waiting ? await studio.services.batches.resume(waiting.id) : await studio.start();
  expect(await studio.rest(batch.id)).toMatchObject({ counts: { total: shots, pending: 0, inReview: shots - 1 } });
  await studio.close();
  const inspection = inspectProduction(project.dir);
  expect(inspection).toMatchObject({ faults: [], takes: shots, settledMicroUsd: shots * priceMicroUsd });
  const jobs = readdirSync(join(project.dir, '.circletake', 'embedded')).filter((name) => name.endsWith('.job.json'));
  expect(jobs, 'one accepted job for each shot').toHaveLength(shots);
}

describe.runIf(trouble === null)('a full output folder', () => {
  it.each(outputSizes)(
    'with %i KiB left: the batch is on hold, says why, and is resumed when there is room',
    async (freeKb) => {
      const studio = await openFilled('output', freeKb);
      const { said, batch } = await runIntoFullDisk(studio);
      expect(said).toMatch(namesTheFile);
      expect(said).toMatch(/SH00\d_T1_previs\.png.* Make room\. Then resume the batch\.$/);
      expect(batch && (await studio.services.batches.list()).at(-1)).toMatchObject({ status: 'paused' });
      await expectOldTakesReadable(studio);
      disk.free();
      await finish(studio);
    },
  );
});

describe.runIf(trouble === null)('a full disk under the whole project', () => {
  it.each(projectSizes)('with %i KiB left: nothing is lost and nothing is paid twice', async (freeKb) => {
    const studio = await openFilled('project', freeKb);
    const { said } = await runIntoFullDisk(studio);
    expect(said).toMatch(namesTheFile);
    await expectOldTakesReadable(studio);
    await studio.close();
    disk.free();
    open = await openStudio(project.dir);
    await finish(open);
  });

  it('can be opened for looking when there is room for nothing, or says that there is none', async () => {
    const studio = await openFilled('project', 0);
    await studio.close();
    const again = await openStudio(project.dir).catch((error: Error) => error);
    if (again instanceof Error) expect(again.message).toMatch(namesTheFile);
    else {
      open = again;
      await expectOldTakesReadable(again);
    }
    disk.free();
    await open?.close();
    open = await openStudio(project.dir);
    await finish(open);
  });
});

function spread(telling: number[], count: number, limit: number): number[] {
  const chance = seededChance(6);
  return Array.from({ length: count }, (_, index) => telling[index] ?? chance.below(limit));
}
