/** What must be so after every step of a history: the database and the disk say what the model says, and no money is lost. */
import { expect } from 'vitest';
import type { BatchStatus } from '../../src-shared/domain/batch.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import { manifestSchema, provenanceRecordSchema } from '../../src-shared/domain/provenance.ts';
import { hashText, memoryPaths } from '../fakes/memory-files.ts';
import { keyOf, type Model, ownFile } from './model.ts';
import { learnApprovals } from './model-autonomy.ts';
import { type ModelWorld, price, shotIds } from './model-world.ts';

/** What may have become of a batch since a person was last told. */
const mayBe: Record<'running' | 'paused' | 'stopped', readonly BatchStatus[]> = {
  running: ['running', 'budget_exhausted', 'complete', 'failed'],
  paused: ['paused', 'budget_exhausted', 'complete', 'failed'],
  stopped: ['complete'],
};

/** Model = database, at any moment. */
export function checkDatabase(model: Model, world: ModelWorld): void {
  const { store } = world.session;
  learnApprovals(model, world);
  const told = model.decisions.map(({ id, action, takeId, note, undone }) => ({ id, action, takeId, note, undone }));
  const kept = shotIds
    .flatMap((shotId) => store.reviewsOf(shotId))
    .map(({ id, action, takeId, note, undone }) => ({ id, action, takeId, note, undone }));
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(kept.sort(byId), 'decisions').toEqual(told.sort(byId));
  for (const shotId of shotIds) {
    for (const phase of phases) {
      const circled = model.circled.get(keyOf(shotId, phase)) ?? null;
      expect(store.shotPhase(shotId, phase).approvedTakeId, `circled take of ${shotId} ${phase}`).toBe(circled);
    }
    for (const take of store.takesOf(shotId)) {
      expect(take.review, `mark of ${take.id}`).toBe(model.marks.get(take.id) ?? 'unreviewed');
      const before = model.takes.get(take.id) ?? take.sha256;
      expect(take.sha256, `bytes of ${take.id}`).toBe(before);
      model.takes.set(take.id, take.sha256);
    }
  }
  for (const takeId of model.takes.keys()) expect(store.take(takeId), takeId).not.toBeNull();
  if (model.batch) expect(mayBe[model.batch.status]).toContain(store.batch(model.batch.id)?.status);
  checkMoney(world);
}

function checkMoney({ provider, session: { store } }: ModelWorld): void {
  for (const [attemptId, accepted] of provider.acceptedPerAttempt()) {
    expect(accepted, `accepted submits of ${attemptId}`).toBe(1);
  }
  const attempts = shotIds.flatMap((shotId) => store.attemptsOf(shotId));
  const spend = store.projectSpend();
  const settled = attempts.reduce((sum, attempt) => sum + (attempt.actualMicroUsd ?? 0), 0);
  const open = attempts.filter(({ state }) => state !== 'settled' && state !== 'failed');
  expect(spend.settledMicroUsd, 'ledger = attempts').toBe(settled);
  expect(spend.settledMicroUsd, 'ledger ≤ bill').toBeLessThanOrEqual(provider.jobs.size * price);
  expect(spend.reservedMicroUsd + spend.inDoubtMicroUsd, 'held money').toBe(open.length * price);
  for (const job of provider.jobs.values()) expect(store.attempt(job.attemptId)?.id).toBe(job.attemptId);
}

/** A crash before a file of the director's, refused because its bytes are a take already, was taken away again. */
function isSecondCopy(disk: ModelWorld['disk'], path: string): boolean {
  return disk.contents.get(path)?.startsWith(ownFile) ?? false;
}

/** Database = disk, at rest with the exports written. */
export function checkDisk({ disk, session: { store } }: ModelWorld): void {
  const takes = shotIds.flatMap((shotId) => store.takesOf(shotId));
  const paths = new Set(takes.map((take) => `/p/${take.path}`));
  expect(paths.size, 'a path for each take').toBe(takes.length);
  for (const take of takes) {
    expect(hashText(disk.contents.get(`/p/${take.path}`) ?? 'missing'), take.path).toBe(take.sha256);
  }
  const files = [...disk.contents.keys()].filter((path) => /\/SH\d+_T\d+_\w+\.(png|mp4)$/.test(path));
  const strays = files.filter((path) => !path.includes('/selects/') && !paths.has(path) && !isSecondCopy(disk, path));
  expect(strays, 'files that nobody recorded').toEqual([]);
  const manifest = manifestSchema.parse(JSON.parse(disk.contents.get(memoryPaths.manifestPath('EP001')) ?? 'null'));
  const lines = (disk.contents.get(memoryPaths.manifestJsonlPath()) ?? '').split('\n').filter(Boolean);
  const records = takes.map((take) => store.provenance(take.id));
  const byId = (a: { take_id: string }, b: { take_id: string }) => a.take_id.localeCompare(b.take_id);
  expect(manifest.takes.toSorted(byId)).toEqual(records.toSorted(byId));
  expect(lines.map((line) => provenanceRecordSchema.parse(JSON.parse(line))).toSorted(byId)).toEqual(
    records.toSorted(byId),
  );
  for (const take of takes) {
    const sidecar = disk.contents.get(`/p/${memoryPaths.relativeSidecarPath(take.path)}`);
    expect(JSON.parse(sidecar ?? 'null'), `sidecar of ${take.id}`).toEqual(store.provenance(take.id));
  }
}

/** Nothing is stuck: every attempt is over, no money is held, no phase is half-way. */
export function checkAtRest({ session: { store } }: ModelWorld): void {
  expect(store.openAttempts().map(({ id, state }) => `${id} ${state}`)).toEqual([]);
  expect(store.projectSpend()).toMatchObject({ reservedMicroUsd: 0, inDoubtMicroUsd: 0 });
  for (const shotId of shotIds) {
    for (const phase of phases) {
      const { state } = store.shotPhase(shotId, phase);
      expect(isInFlight(state), `${shotId} ${phase} is left ${state}`).toBe(false);
    }
  }
  expect(store.integrityCheck()).toBe('ok');
}
