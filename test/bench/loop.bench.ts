// What the production loop costs per attempt beside its engine: plan, bind, the protocol's steps, the file's way into its
// place, audit and review, over the real store and the real disk, with an engine that answers at once and whose own time
// is taken out: the median over the attempts of a batch that runs one at a time, from one submit to the next. Beside it one
// durable transaction of the same store and one durable file in the same run, and what of the time was the main thread's.
// Plain Node: `node test/bench/loop.bench.ts`; with TMPDIR in memory its own work without the disk.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOrchestrator } from '../../src-main/orchestrator/orchestrator.ts';
import { writeFileAtomic } from '../../src-main/platform/atomic-file.ts';
import { systemClock } from '../../src-main/platform/clock.ts';
import type { OpenedProject } from '../../src-main/projects/open-project.ts';
import { batchConfigSchema } from '../../src-shared/domain/batch.ts';
import { instantProduction } from '../fixtures/instant-production.ts';
import { makeProject } from '../fixtures/make-project.ts';
import { openTestProject } from '../fixtures/open-test-project.ts';
import { countStatements, median, printTable, type Row, threadMs } from './measure.ts';

const rounds = 3;
const goal = 8;
const statements = countStatements();
const rows: Row[] = [];
for (const shots of [40, 400]) rows.push(await bench(shots));
printTable('The loop’s own time per attempt', rows);

async function bench(shots: number): Promise<Row> {
  const perAttempt: number[] = [];
  const mainThread: number[] = [];
  const transaction: number[] = [];
  const file: number[] = [];
  let [commitsPerAttempt, statementsPerAttempt] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const project = makeProject({ shots });
    const opened = await openTestProject(project.dir, { clock: systemClock });
    try {
      transaction.push(durableTransactionMs(opened));
      file.push(await durableFileMs(project.dir));
      let commits = 0;
      const unsubscribe = opened.store.onCommit(() => void commits++);
      const before = statements();
      const attempts = await runAttempts(opened, shots);
      statementsPerAttempt = (statements() - before) / shots;
      commitsPerAttempt = commits / shots;
      unsubscribe();
      perAttempt.push(median(attempts.map(({ wallMs }) => wallMs)));
      mainThread.push(median(attempts.map(({ ownMs }) => ownMs)));
      transaction.push(durableTransactionMs(opened));
    } finally {
      await opened.close();
      project.remove();
    }
  }
  const ratio = median(perAttempt) / median(transaction);
  return {
    what: `a batch of ${shots} shots`,
    figure: `${median(perAttempt).toFixed(2)} ms`,
    beside: [
      `main thread ${median(mainThread).toFixed(2)} ms`,
      `transaction ${median(transaction).toFixed(2)} ms, file ${median(file).toFixed(2)} ms`,
      `${commitsPerAttempt.toFixed(1)} commits, ${statementsPerAttempt.toFixed(0)} statements`,
    ].join('; '),
    ratio: ratio.toFixed(1),
    goal: `≤ ${goal}`,
    met: ratio <= goal,
  };
}

/** One annotation of a phase: a row changed and its journal row, flushed. */
function durableTransactionMs({ store }: OpenedProject): number {
  const times: number[] = [];
  for (let n = 0; n < 200; n++) {
    const { version } = store.shotPhase('EP001_SH001', 'video');
    const startedAt = performance.now();
    store.annotate('EP001_SH001', 'video', version, { reason: `note ${n}` });
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

async function durableFileMs(folder: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 50; n++) {
    const startedAt = performance.now();
    await writeFileAtomic(join(folder, 'output', '..', 'flushed'), `${n}`);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

/** What one attempt took by the wall and of the main thread. */
interface AttemptTime {
  wallMs: number;
  ownMs: number;
}

async function runAttempts(opened: OpenedProject, shots: number): Promise<AttemptTime[]> {
  const submits: AttemptTime[] = [];
  const engine: AttemptTime = { wallMs: 0, ownMs: 0 };
  const deps = instantProduction(opened, {
    onSubmit: () => submits.push({ wallMs: performance.now() - engine.wallMs, ownMs: threadMs() - engine.ownMs }),
    write(path, picture) {
      const startedAt = { wallMs: performance.now(), ownMs: threadMs() };
      writeFileSync(path, picture, { flush: true });
      engine.wallMs += performance.now() - startedAt.wallMs;
      engine.ownMs += threadMs() - startedAt.ownMs;
    },
  });
  const orchestrator = createOrchestrator(deps);
  orchestrator.batches.start(
    batchConfigSchema.parse({ episodeId: 'EP001', phases: ['previs'], maxConcurrent: 1, budgetMicroUsd: 0 }),
  );
  await orchestrator.idle();
  const made = opened.store.takesOfEpisode('EP001').length;
  if (made !== shots) throw new Error(`${made} of ${shots} takes were made`);
  await orchestrator.close();
  return submits.slice(1).map((submit, index) => {
    const before = submits[index] ?? submit;
    return { wallMs: submit.wallMs - before.wallMs, ownMs: submit.ownMs - before.ownMs };
  });
}
