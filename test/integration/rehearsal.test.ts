// A rehearsal is a copy whose only provider is the simulator: the same batch, play money, everything marked.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectServices } from '../../src-main/api/studio-services.ts';
import { createLogger } from '../../src-main/platform/logger.ts';
import { copySample } from '../../src-main/shell/sample-production.ts';
import { createStudio } from '../../src-main/studio.ts';
import { type BatchConfigInput, batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { manifestSchema } from '../../src-shared/domain/provenance.ts';
import { lookUntil } from '../fixtures/spawn-studio.ts';

type Studio = Awaited<ReturnType<typeof createStudio>>;

let dataFolder: string;
let folder: string;
let studio: Studio;
let log: string;

beforeEach(async () => {
  log = '';
  dataFolder = await mkdtemp(join(tmpdir(), 'circletake-rehearsal-'));
  folder = await copySample(join(dataFolder, 'production'));
  const logger = createLogger({ level: 'info', write: (line) => (log += line) });
  studio = await createStudio({ dataFolder, rememberProjects: true, logger });
});
afterEach(async () => {
  await studio.close();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
});

const shotIds = ['EP001_SH001', 'EP001_SH002'];
const config = (part: Partial<BatchConfigInput> = {}) =>
  batchConfigSchema.parse({ episodeId: 'EP001', phases: ['previs'], provider: 'fal', shotFilter: shotIds, ...part });

/** Resolves with what is looked for, when a change has brought it. */
function until<T>(projectId: string, look: (services: ProjectServices) => Promise<T | undefined>): Promise<T> {
  const services = studio.project(projectId);
  return lookUntil(services, () => look(services));
}

/** Resolves when nothing of a batch runs any more. */
function rest(projectId: string, batchId: string) {
  return until(projectId, async ({ batches }) => {
    const batch = (await batches.list()).find(({ id }) => id === batchId);
    return batch && (batch.awaitingOperator || batch.status !== 'running') ? batch : undefined;
  });
}

const readJson = (folder: string, ...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));

describe('a rehearsal', () => {
  it('runs the batch against the simulator, marks everything and leaves the project as it was', async () => {
    const real = await studio.addProject(folder);
    const before = await studio.project(real.id).snapshot();
    const started = await studio.rehearsals.start({ projectId: real.id, config: config(), trouble: 'none' });
    const batch = await rest(started.projectId, started.batchId);
    expect([batch.counts.inReview, batch.spend.settledMicroUsd > 0]).toEqual([2, true]);

    const copy = await studio.project(started.projectId).snapshot();
    expect(copy.project).toMatchObject({ rehearsal: true, title: 'Last Car to Salt Hill — rehearsal 1' });
    const known = (await studio.projects.list()).find(({ id }) => id === started.projectId);
    expect(known).toMatchObject({ rehearsalOf: real.id });
    await studio.project(started.projectId).handoff.exportEpisode('EP001');
    const manifest = manifestSchema.parse(readJson(copy.displayPath, 'output', 'manifests', 'EP001_manifest.json'));
    expect([manifest.rehearsal, manifest.takes.map((take) => take.rehearsal)]).toEqual([true, [true, true]]);
    expect(manifest.takes.every((take) => take.generation.provider === 'fal')).toBe(true);
    expect(readJson(copy.displayPath, 'state', 'visual', 'batches', `${batch.id}.json`)).toMatchObject({
      rehearsal: true,
    });

    const after = await studio.project(real.id).snapshot();
    expect([after.batches, after.spend, after.shots]).toEqual([before.batches, before.spend, before.shots]);
    expect(readJson(folder, 'project.json')).not.toHaveProperty('rehearsal');
  });

  it('of a rough night troubles the embedded engine too', async () => {
    const { id: projectId } = await studio.addProject(folder);
    const scope = config({ provider: 'embedded' });
    const started = await studio.rehearsals.start({ projectId, config: scope, trouble: 'rough-night' });
    const troubled = await until(started.projectId, async ({ attempts }) => {
      const { lines } = await attempts.shotLog('EP001_SH002', 50);
      return JSON.stringify(lines).includes('(rehearsal)') || undefined;
    });
    expect(troubled).toBe(true);
  });

  it('of a rough night leaves a plan of the director’s own in force', async () => {
    const own = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: 70_000, faults: [] };
    writeFileSync(join(folder, 'rehearsal.json'), JSON.stringify(own));
    const { id } = await studio.addProject(folder);
    const started = await studio.rehearsals.start({ projectId: id, config: config(), trouble: 'rough-night' });
    expect(readJson((await studio.project(started.projectId).snapshot()).displayPath, 'rehearsal.json')).toEqual(own);
  });

  it('has no key and no address of a real provider, whatever is set', async () => {
    await studio.settings.setKey({ provider: 'fal', key: 'real-key-of-mine-0001' });
    const real = await studio.addProject(folder);
    const { projectId } = await studio.rehearsals.start({ projectId: real.id, config: config(), trouble: 'none' });
    const urls: string[] = [];
    for await (const lines of await studio.project(projectId).batches.audit(config({ phases: ['previs', 'video'] }))) {
      urls.push(...lines.flatMap(({ payload }) => payload?.url ?? []));
    }
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/fal-queue\//);
    expect(log).not.toContain('real-key-of-mine');
  });

  it('takes over what is circled, so that the batch goes on from there', async () => {
    const real = await studio.addProject(folder);
    const services = studio.project(real.id);
    const made = await services.batches.start(config({ provider: 'embedded', shotFilter: ['EP001_SH001'] }));
    await rest(real.id, made.id);
    await services.batches.stop(made.id);
    await services.review.approve({ takeId: 'EP001_SH001_T1', note: '' });
    const scope = config({ phases: ['previs', 'keyframe'] });
    const { projectId, batchId } = await studio.rehearsals.start({
      projectId: real.id,
      config: scope,
      trouble: 'none',
    });
    await rest(projectId, batchId);
    const { shots } = await studio.project(projectId).snapshot();
    expect(shots.slice(0, 2).map(({ phases }) => [phases.previs.state, phases.keyframe.state])).toEqual([
      ['stabilized', 'awaiting_operator'],
      ['awaiting_operator', 'blocked'],
    ]);
    const { provenance } = await studio.project(projectId).takes.detail('EP001_SH001_T1');
    expect(provenance).toMatchObject({ source: 'override', rehearsal: true });
  });

  it('is removed with everything in it; a production never is', async () => {
    const real = await studio.addProject(folder);
    const { projectId } = await studio.rehearsals.start({ projectId: real.id, config: config(), trouble: 'none' });
    const { displayPath } = await studio.project(projectId).snapshot();
    await expect(studio.rehearsals.remove(real.id)).rejects.toThrow('no rehearsal');
    expect(await studio.rehearsals.remove(projectId)).toEqual({ removed: true });
    expect([existsSync(displayPath), existsSync(folder)]).toEqual([false, true]);
    expect((await studio.projects.list()).map(({ id }) => id)).toEqual([real.id]);
  });

  it('that cannot start leaves nothing behind', async () => {
    const real = await studio.addProject(folder);
    const nothing = config({ shotFilter: ['EP001_SH999'] });
    await expect(
      studio.rehearsals.start({ projectId: real.id, config: nothing, trouble: 'none' }),
    ).rejects.toMatchObject({ code: 'shot.not-found' });
    expect(existsSync(join(dataFolder, 'rehearsals', 'last-car-to-salt-hill-1'))).toBe(false);
    expect((await studio.projects.list()).map(({ id }) => id)).toEqual([real.id]);
  });
});
