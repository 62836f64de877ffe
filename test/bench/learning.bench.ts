// Learning over 10,000 attempts: how long a report and a first reading of the journal keep the main thread, and what the
// journal's reader costs beside the production it follows. Plain Node: `node test/bench/learning.bench.ts`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LearningEngine } from '../../src-main/learning/learning-engine.ts';
import type { ProjectStore } from '../../src-main/orchestrator/ports/project-store.ts';
import { durableFiles } from '../../src-main/platform/durable-files.ts';
import { growingFiles } from '../../src-main/platform/growing-files.ts';
import { silentLogger } from '../../src-main/platform/logger.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { gateResult } from '../fakes/production-world.ts';
import { makePlan } from '../fixtures/make-project.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore } from '../fixtures/open-test-store.ts';
import { printTable, type Row, stretchRow, watchStretch } from './measure.ts';

const shots = 400;
const attemptsPerShot = 25;

const world = openTestStore({ shots: 0 });
const folder = mkdtempSync(join(tmpdir(), 'circletake-learning-bench-'));
try {
  fill(world);
  const { store } = world;
  const engine = new LearningEngine({
    ...{ store, clock: world.clock, files: durableFiles, growing: growingFiles, logger: silentLogger },
    paths: { learningPath: (name) => join(folder, name), relativeTo: (path) => path },
    shared: { add: async () => 0, findings: async () => [], path: '' },
    ...{ project: () => 'bench', isRehearsal: false },
  });
  const rows: Row[] = [];
  rows.push(await measure('first reading of the whole journal and report', () => engine.report()));
  rows.push(await measure('the same report again', () => engine.report()));
  rows.push(await measure('files written from nothing', () => engine.flush()));
  const restarted = new LearningEngine({
    ...{ store, clock: world.clock, files: durableFiles, growing: growingFiles, logger: silentLogger },
    paths: { learningPath: (name) => join(folder, name), relativeTo: (path) => path },
    shared: { add: async () => 0, findings: async () => [], path: '' },
    ...{ project: () => 'bench', isRehearsal: false },
  });
  rows.push(await measure('report after a restart: every event added up', () => restarted.report()));
  rows.push(await measure('files looked through after a restart', () => restarted.flush()));
  printTable(`Learning, ${shots * attemptsPerShot} attempts, ${store.lastSeq()} journal rows`, rows);
} finally {
  world.remove();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(what: string, work: () => Promise<unknown>): Promise<Row> {
  return stretchRow(what, await watchStretch(work));
}

function fill({ store }: TestStore): void {
  const plan = makePlan(shots);
  store.applyPlan(plan);
  store.insertBatch('batch_EP001_1', batchConfigSchema.parse({ episodeId: 'EP001', budgetMicroUsd: 1e12 }));
  for (const shot of plan.shots) {
    store.inTransaction(() => {
      for (let n = 1; n <= attemptsPerShot; n++) oneAttempt(store, shot.shot_id, n);
    });
  }
}

/** An attempt with the moves of its phase; every fifth is lost, every fourth take rejected, a person decides on the rest. */
function oneAttempt(store: ProjectStore, shotId: string, n: number): void {
  const id = `${shotId}_${n}`;
  move(store, shotId, 'binding', n === 1 ? 'work-started' : 'retry-started');
  store.recordIntent(makeIntent(id, { shotId, batchId: 'batch_EP001_1' }));
  move(store, shotId, 'assembling', 'request-bound');
  store.advanceAttempt(id, 'intent', 'submitting');
  store.advanceAttempt(id, 'submitting', 'submitted', { providerJobId: id, providerJob: {} });
  if (n % 5 === 0) {
    store.failAttempt(id, { category: 'transient', detail: 'server', message: 'It stopped.', retryAfterMs: null }, 0);
    move(store, shotId, 'remediating', 'retry-planned');
    return;
  }
  store.advanceAttempt(id, 'submitted', 'downloaded', {});
  const number = store.nextTakeNumber(shotId);
  const sha256 = `sha256:${Buffer.from(id).toString('hex').padEnd(64, '0').slice(-64)}`;
  const take = store.settleAttempt(id, makeNewTake(shotId, number, { sha256 }), 60);
  move(store, shotId, 'auditing', 'take-arrived');
  const rejected = n % 4 === 0;
  store.recordGates(take.id, [gateResult('gate_1', rejected ? 'fail' : 'pass')]);
  const action = n % 3 === 0 ? 'approve' : 'reject';
  store.recordReview({
    ...{ id: `rev_${id}`, shotId, phase: 'previs', takeId: take.id, action, reasons: [], note: '', workflowId: null },
    ...{ decidedBy: 'director', decidedAt: '2026-11-21T09:00:00.000Z', undoes: null, gateDisagreement: null },
  });
  if (n === 3) store.setTakeReview(take.id, 'approved');
  move(store, shotId, 'remediating', 'audit-rejected');
}

function move(
  store: ProjectStore,
  shotId: string,
  to: 'binding' | 'assembling' | 'auditing' | 'remediating',
  cause: 'work-started' | 'retry-started' | 'request-bound' | 'take-arrived' | 'retry-planned' | 'audit-rejected',
): void {
  const { version } = store.shotPhase(shotId, 'previs');
  store.transition({ shotId, phase: 'previs', to, cause, expectedVersion: version });
}
