// What a real production teaches: the embedded engine with a fault plan, killed on its way, counted against its database.
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportFileSchema } from '../../../src-main/learning/report-file.ts';
import {
  costLineSchema,
  learningFileNames,
  overrideLineSchema,
  retryLineSchema,
  verdictLineSchema,
} from '../../../src-shared/domain/learning.ts';
import type { LearningFigures } from '../../../src-shared/domain/learning-report.ts';
import { type CliWorld, createCliWorld } from './cli-process.ts';

let world: CliWorld;
beforeEach(() => {
  world = createCliWorld(6);
});
afterEach(() => world.remove());

const run = ['run', 'film', '--episode', 'EP001', '--phase', 'previs'];
const inLearning = (name: string) => join(world.project.dir, 'state', 'learning', name);
const linesOf = async (name: string): Promise<unknown[]> =>
  (await readFile(inLearning(name), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function rehearse(faults: [shot: number, submit: number, fault: string][]): void {
  const plan = faults.map(([shot, submit, fault]) => ({
    shot_id: `EP001_SH00${shot}`,
    phase: 'previs',
    submit,
    fault,
  }));
  const rehearsal = { schema_version: 'circletake.rehearsal.v1', price_micro_usd: 40_000, faults: plan };
  world.project.write('rehearsal.json', JSON.stringify(rehearsal));
}

/** Answers one value of the database as it was left. */
function ask(sql: string): unknown {
  const database = new Database(join(world.project.dir, 'state', 'circletake.db'), { readonly: true });
  const value = database.prepare(sql).pluck().get();
  database.close();
  return value;
}

const report = async (...more: string[]) =>
  (await world.json('learn', 'film', ...more)).value as unknown as LearningFigures;

/** One refused, one made again, one rejected for good: no repeat has to wait. */
const quickPlan: [number, number, string][] = [
  [3, 1, 'content-filter'],
  [4, 1, 'black'],
  [5, 1, 'rejected'],
];

describe('a production of which everything is known beforehand', () => {
  it('teaches what a hand count of its plan says', async () => {
    rehearse([
      ...quickPlan,
      [1, 1, 'rate-limit'],
      [2, 1, 'not-sent'],
      [6, 1, 'late-failure'],
      [6, 2, 'black'],
      [6, 3, 'black'],
    ]);
    expect(await world.json('learn', 'film')).toMatchObject({ code: 0, value: { status: 'no_data' } });
    expect((await world.cli(...run)).code).toBe(3);
    const learned = await report();
    // passes: 1, 2, 4b, 6d. Against the engine: 3 refused, 4a black, 5 rejected, 6b and 6c black. Not the engine's: 2a, 6a.
    expect(learned).toMatchObject({
      ...{ status: 'ready', verdicts: 9, decisions: 0, overrides: 0 },
      byModel: [{ passed: { hits: 4, n: 9 }, faults: 2, undecided: 0, costMicroUsd: 280_000 }],
      byShotType: [
        { shotType: 'medium', passed: { hits: 3, n: 5 } },
        { shotType: 'two_shot', passed: { hits: 1, n: 4 } },
      ],
      retries: [
        { category: 'transient', succeeded: { hits: 3, n: 3 } },
        { category: 'gate_mechanical', succeeded: { hits: 2, n: 3 } },
      ],
      costs: [{ phase: 'previs', attempts: 11, spentMicroUsd: 280_000, perStillMicroUsd: null }],
    });
    await world.cli('approve', ...run.slice(1), '--all', '--note', 'good');
    const decided = await report();
    expect(decided).toMatchObject({
      ...{
        decisions: 4,
        overrides: 0,
        gates: [{ gate: 'gate_1', falsePositive: { hits: 0, n: 4 }, falseNegative: { n: 0 } }],
      },
      costs: [{ approvedTakes: 4, perStillMicroUsd: 70_000 }],
      accidents: [],
    });
    expect(decided.stations.map(({ state }) => state)).toContain('awaiting_operator');
  });

  it('leaves files that fit the sheet, whole after every end', async () => {
    rehearse(quickPlan);
    await world.cli(...run);
    const schemas = { verdict: verdictLineSchema, retry: retryLineSchema, cost: costLineSchema } as const;
    for (const [kind, schema] of Object.entries(schemas)) {
      const lines = (await linesOf(learningFileNames[kind as keyof typeof schemas])).map((line) => schema.parse(line));
      expect(lines.length, kind).toBe(ask(`SELECT count(*) FROM learning_events WHERE kind = '${kind}'`));
    }
    expect(reportFileSchema.parse(JSON.parse(await readFile(inLearning('latest_report.json'), 'utf8')))).toMatchObject({
      ...{ status: 'ok', total_verdicts: 7 },
    });
    await world.cli('reject', 'film', '--take', 'EP001_SH001_T1', '--reason', 'motion');
    expect((await linesOf('overrides.jsonl')).map((line) => overrideLineSchema.parse(line))).toMatchObject([
      { override_type: 'false_positive', gate_name: 'gate_1', human_decision: 'rejected', notes: 'motion' },
    ]);
  });

  it('gives its files back when they are lost or spoilt, and keeps what was spoilt', async () => {
    rehearse(quickPlan);
    await world.cli(...run);
    const verdicts = await readFile(inLearning('verdicts.jsonl'), 'utf8');
    const costs = await readFile(inLearning('costs.jsonl'), 'utf8');
    await writeFile(inLearning('verdicts.jsonl'), verdicts.replace('"success":true', '"success":#'));
    await writeFile(inLearning('costs.jsonl'), costs.slice(0, -40));
    await appendFile(inLearning('retries.jsonl'), 'not ours\n');
    expect((await world.cli('learn', 'film')).code).toBe(0);
    expect(await readFile(inLearning('verdicts.jsonl'), 'utf8')).toBe(verdicts);
    expect(await readFile(inLearning('costs.jsonl'), 'utf8')).toBe(costs);
    const aside = (await readdir(join(world.project.dir, 'state', 'learning'))).filter((name) =>
      name.includes('.damaged-'),
    );
    expect(aside.map((name) => name.split('.')[0]).sort()).toEqual(['retries', 'verdicts']);
  });
});

describe('a production that is killed on its way', () => {
  it('has learned every attempt and every repeat once', async () => {
    rehearse([1, 2, 3, 4, 5, 6].map((shot) => [shot, 1, shot % 2 === 0 ? 'black' : 'not-sent']));
    for (const said of [/Remediating/, /Auditing/, /need you/]) {
      const { child, ended } = world.start(...run);
      let heard = '';
      child.stderr?.on('data', (text: string) => {
        heard += text;
        if (said.test(heard)) child.kill('SIGKILL');
      });
      await ended;
    }
    expect((await world.cli(...run)).code).toBe(3);
    const learned = await report();
    const judged = ask(
      `SELECT count(*) FROM attempts a WHERE a.state = 'settled' OR (a.state = 'failed' AND failure_category NOT IN ('transient', 'budget')
         AND json_extract(failure, '$.detail') IN ('bad_output', 'rejected_request', 'unknown'))`,
    );
    expect(learned.verdicts).toBe(judged);
    const dequeued = ask(
      `SELECT count(*) FROM journal WHERE type = 'station_transition' AND json_extract(body, '$.cause') = 'retry-started'`,
    );
    expect(
      learned.retries.reduce((sum, { succeeded, notCarriedThrough }) => sum + succeeded.n + notCarriedThrough, 0),
    ).toBe(dequeued);
    const ids = ((await linesOf('costs.jsonl')) as { id: string }[]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(learned.costs.reduce((sum, { spentMicroUsd }) => sum + spentMicroUsd, 0)).toBe(
      ask(`SELECT settled_micro_usd FROM ledger_totals WHERE scope = 'project'`),
    );
  });
});
