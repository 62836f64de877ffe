// The store at 10,000 takes: what lists cost in the main process, what a decision costs beside one flush of the disk, and
// whether anything that is shown or decided grows with the takes. Plain Node: `node test/bench/store.bench.ts`.
import { closeSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectStore } from '../../src-main/orchestrator/ports/project-store.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { makePlan } from '../fixtures/make-project.ts';
import { makeIntent, makeNewTake, openTestStore, type TestStore } from '../fixtures/open-test-store.ts';
import { median, printTable, type Row } from './measure.ts';

const shots = 400;
const takesPerShot = 25;
const rounds = 200;

const small = openTestStore({ shots: 0 });
const large = openTestStore({ shots: 0 });
try {
  fill(small, 1);
  fill(large, takesPerShot);
  printTable(`Lists, ${shots} shots and ${shots * takesPerShot} takes`, benchLists());
  printTable('Durable transactions', benchCommits());
  printTable('Opening', benchOpening());
  console.log(`Database ${(statSync(large.path).size / 1e6).toFixed(0)} MB, ${large.store.lastSeq()} journal rows`);
} finally {
  small.remove();
  large.remove();
}

function fill({ store }: TestStore, perShot: number): void {
  const plan = makePlan(shots);
  store.applyPlan(plan);
  store.insertBatch('batch_EP001_1', batchConfigSchema.parse({ episodeId: 'EP001', budgetMicroUsd: 1e12 }));
  for (const shot of plan.shots) {
    store.inTransaction(() => {
      for (let n = 1; n <= perShot; n++) attemptCycle(store, shot.shot_id, `${shot.shot_id}_${n}`);
    });
  }
}

/** All that the store does for one attempt: five transactions beside the moves of its phase. */
function attemptCycle(store: ProjectStore, shotId: string, id: string): string {
  store.recordIntent(makeIntent(id, { shotId, batchId: 'batch_EP001_1' }));
  store.advanceAttempt(id, 'intent', 'submitting');
  store.advanceAttempt(id, 'submitting', 'submitted', { providerJobId: id, providerJob: {} });
  store.advanceAttempt(id, 'submitted', 'downloaded', {});
  const number = store.nextTakeNumber(shotId);
  return store.settleAttempt(id, makeNewTake(shotId, number, { sha256: hashOf(id) }), 60).id;
}

function hashOf(id: string): string {
  return `sha256:${Buffer.from(id).toString('hex').padEnd(64, '0').slice(-64)}`;
}

function benchLists(): Row[] {
  const snapshot = ({ store }: TestStore) =>
    store.inTransaction(() => [
      store.lastSeq(),
      store.shots('EP001'),
      store.batches(),
      store.shotSummaries('EP001'),
      store.projectSpend(),
      store.problems(),
    ]);
  const list = (what: string, goalMs: number, run: (world: TestStore) => unknown): Row => {
    const [few, many] = [timesOf(() => run(small)), timesOf(() => run(large))];
    const figure = median(many);
    return {
      ...{ what, figure: `${figure.toFixed(2)} ms`, beside: `with ${shots} takes ${median(few).toFixed(2)} ms` },
      // the least tells what it costs when nobody else uses the machine
      ...{
        ratio: `${(figure / median(few)).toFixed(1)} ×, least ${Math.min(...many).toFixed(2)} ms`,
        goal: `≤ ${goalMs} ms`,
      },
      met: figure <= goalMs,
    };
  };
  return [
    list('snapshot: shots, batches, summaries, spend', 7, snapshot),
    list('shots of the episode', 7, ({ store }) => store.shots('EP001')),
    list('summaries', 7, ({ store }) => store.shotSummaries('EP001')),
    list('takes of a shot', 1, ({ store }) => store.takesOf('EP001_SH200')),
    list('one take', 0.1, ({ store }) => store.take('EP001_SH200_T1')),
    list('project and batch spend', 0.1, ({ store }) => [store.projectSpend(), store.batchSpend('batch_EP001_1')]),
    list('takes to prepare', 1, ({ store }) => store.takesNotPrepared(50)),
    list('every take of the episode (grows)', 150, ({ store }) => store.takesOfEpisode('EP001')),
    list('500 events', 25, ({ store }) => store.eventsAfter(1000, 500)),
  ];
}

function benchCommits(): Row[] {
  const { store } = large;
  const file = openSync(join(large.folder, 'floor'), 'w');
  const floor: number[] = [];
  const decision: number[] = [];
  const attempt: number[] = [];
  const single: number[] = [];
  const block = Buffer.alloc(4096, 1);
  for (let round = 0; round < rounds; round++) {
    const shotId = `EP001_SH${String((round % shots) + 1).padStart(3, '0')}`;
    floor.push(timeOf(() => appendDurably(file, block)));
    single.push(
      timeOf(() => store.annotate(shotId, 'previs', store.shotPhase(shotId, 'previs').version, { reason: `${round}` })),
    );
    decision.push(timeOf(() => decide(store, shotId, round)));
    attempt.push(timeOf(() => attemptCycle(store, shotId, `extra_${round}`)));
  }
  closeSync(file);
  const row = (what: string, times: number[], against: [string, number[]], goal: number): Row => {
    const ratio = median(times) / median(against[1]);
    return {
      ...{
        what,
        figure: `${median(times).toFixed(3)} ms`,
        beside: `${against[0]} ${median(against[1]).toFixed(3)} ms`,
      },
      ...{ ratio: `${ratio.toFixed(1)} ×`, goal: `≤ ${goal} ×`, met: ratio <= goal },
    };
  };
  return [
    row('one change (journal, FULL)', single, ['append + fdatasync', floor], 1.5),
    row('a decision: review, mark, move, journal', decision, ['append + fdatasync', floor], 1.5),
    row('an attempt: six transactions', attempt, ['one change', single], 8),
  ];
}

/** What any journal must do at least: bytes at the end of a file, and one flush. */
function appendDurably(file: number, block: Buffer): void {
  writeSync(file, block);
  fdatasyncSync(file);
}

function decide(store: ProjectStore, shotId: string, round: number): void {
  store.inTransaction(() => {
    const row = store.shotPhase(shotId, 'previs');
    const takeId = `${shotId}_T1`;
    store.recordReview({
      ...{ id: `rev_${round}`, shotId, phase: 'previs', takeId, action: 'approve', reasons: [], note: '' },
      ...{ workflowId: null, decidedBy: 'director', decidedAt: '2026-01-01T00:00:00.000Z', undoes: null },
      gateDisagreement: null,
    });
    store.setTakeReview(takeId, row.state === 'stabilized' ? 'unreviewed' : 'approved');
    const to = row.state === 'stabilized' ? 'queued' : 'stabilized';
    store.transition({ shotId, phase: 'previs', to, cause: 'approved', expectedVersion: row.version });
    store.saveUndoState(`rev_${round}`, [row], [{ takeId, review: 'unreviewed' }]);
  });
}

function benchOpening(): Row[] {
  const times = [1, 2, 3, 4, 5].map(() => timeOf(() => large.reopen()));
  const check = [1, 2, 3].map(() => timeOf(() => large.store.integrityCheck()));
  return [
    {
      ...{ what: 'open, with its checks', figure: `${median(times).toFixed(0)} ms`, beside: '', ratio: '' },
      ...{ goal: '≤ 150 ms', met: median(times) <= 150 },
    },
    {
      ...{ what: 'integrity check in full', figure: `${median(check).toFixed(0)} ms`, beside: '', ratio: '' },
      ...{ goal: '≤ 2000 ms', met: median(check) <= 2000 },
    },
  ];
}

function timesOf(run: () => unknown): number[] {
  return Array.from({ length: 41 }, () => timeOf(run));
}

function timeOf(run: () => unknown): number {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
}
