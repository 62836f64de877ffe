import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport, type ReportFacts } from '../../../src-main/learning/build-report.ts';
import { reportFileSchema, toReportFile } from '../../../src-main/learning/report-file.ts';
import { addToTally, emptyTally } from '../../../src-main/learning/tally.ts';
import { failureCategories } from '../../../src-shared/domain/failure.ts';
import type { LearningEvent, OverrideLine, VerdictLine } from '../../../src-shared/domain/learning.ts';
import type { LearningFigures } from '../../../src-shared/domain/learning-report.ts';
import { phases } from '../../../src-shared/domain/phase.ts';

const at = '2026-11-21T09:00:00.000Z';
const head = (id: string) => ({ id, timestamp: at, project: 'test', shot_id: 'EP001_SH001' });
const facts: ReportFacts = { project: 'test', now: at, approved: [], times: [], chosen: [] };

function verdict(id: string, change: Partial<VerdictLine> = {}): LearningEvent {
  const line: VerdictLine = {
    ...head(`verdict:${id}`),
    ...{ model: 'still-1', phase: 'keyframe', shot_type: 'wide', success: true, cost: null },
    ...{
      gate_name: 'gate_1',
      gate_passed: true,
      gate_reason: '',
      gate_deferred: false,
      final_state: 'keyframe_generated',
    },
    gate_details: { total_score: null, mismatches: [], failure_category: null, drift_count: null, skipped: false },
    ...change,
  };
  return { kind: 'verdict', line };
}

function override(id: string, type: OverrideLine['override_type'], change: Partial<OverrideLine> = {}): LearningEvent {
  const passed = type === 'false_positive' || change.gate_passed === true;
  const line: OverrideLine = {
    ...head(`override:${id}:gate_1`),
    ...{ override_type: type, gate_name: 'gate_1', gate_passed: passed, human_decision: 'approved', notes: '' },
    ...change,
  };
  return { kind: 'override', line };
}

function cost(
  id: string,
  micro: number | null,
  output: 'still' | 'clip' = 'clip',
  part: 'generation' | 'gates' = 'generation',
): LearningEvent {
  const phase = output === 'clip' ? 'video' : 'keyframe';
  return {
    kind: 'cost',
    line: {
      ...{ ...head(`cost:${id}`), attempt_id: id, take_id: null, phase, provider: 'fal', model: 'motion-1', output },
      ...{ part, cost_micro_usd: micro },
    },
  };
}

function retry(id: string, succeeded: boolean | null): LearningEvent {
  return {
    kind: 'retry',
    line: { ...head(`retry:${id}`), failure_category: 'transient', retry_number: 1, succeeded, fix_applied: '' },
  };
}

function fault(id: string): LearningEvent {
  const line = { ...head(`fault:${id}`), model: 'still-1', phase: 'keyframe' as const, shot_type: 'wide' as const };
  return { kind: 'fault', line: { ...line, failure_category: 'transient', failure_detail: 'server' } };
}

function reportOf(events: readonly LearningEvent[], more: Partial<ReportFacts> = {}): LearningFigures {
  const tally = emptyTally();
  for (const event of events) addToTally(tally, event);
  const report = buildReport(tally, { ...facts, ...more });
  if (report.status !== 'ready') throw new Error('there is no report');
  return report;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('the pass rate', () => {
  it('leaves out faults of the provider and takes that no gate could decide on, and says how many', () => {
    const events = [
      ...times(15, (n) => verdict(`p${n}`)),
      ...times(5, (n) => verdict(`r${n}`, { success: false, gate_passed: false })),
      ...times(2, (n) => verdict(`u${n}`, { gate_passed: false, gate_deferred: true })),
      ...times(7, (n) => fault(String(n))),
    ];
    const [row] = reportOf(events).byModel;
    expect(row).toMatchObject({ model: 'still-1', undecided: 2, faults: 7, passed: { hits: 15, n: 20, rate: 0.75 } });
    // by hand: (0.75 + 3.84146/40) / 1.192073 = 0.709711; half = 1.959964/1.192073 × √(0.009375 + 0.0024009) = 0.178419
    expect(row?.passed.low).toBeCloseTo(0.5313, 4);
    expect(row?.passed.high).toBeCloseTo(0.8881, 4);
  });

  it('is told by type of shot in the order of the types', () => {
    const events = [
      verdict('a', { shot_type: 'insert' }),
      verdict('b', { shot_type: null, success: false }),
      verdict('c', { shot_type: 'establishing' }),
    ];
    expect(reportOf(events).byShotType.map(({ shotType, passed }) => [shotType, passed.hits, passed.n])).toEqual([
      ['establishing', 1, 1],
      ['insert', 1, 1],
      [null, 0, 1],
    ]);
  });
});

describe('the calibration of a gate', () => {
  it('has the decisions on what it passed, and on what it rejected, as its denominators', () => {
    const events = [
      ...times(2, (n) => override(`fp${n}`, 'false_positive', { human_decision: 'rejected' })),
      ...times(6, (n) => override(`ap${n}`, 'agreement', { gate_passed: true })),
      ...times(3, (n) => override(`fn${n}`, 'false_negative')),
      ...times(1, (n) => override(`ar${n}`, 'agreement', { human_decision: 'rejected' })),
    ];
    const report = reportOf(events);
    expect(report.gates).toMatchObject([
      { gate: 'gate_1', falsePositive: { hits: 2, n: 8, rate: 0.25 }, falseNegative: { hits: 3, n: 4, rate: 0.75 } },
    ]);
    expect(report).toMatchObject({ decisions: 12, overrides: 5 });
  });

  it('forgets a decision that was taken back', () => {
    const decided = override('x', 'false_negative');
    const undone = override('x', 'false_negative', { id: 'undone:x:gate_1', human_decision: 'undone' });
    const report = reportOf([verdict('v'), decided, undone]);
    expect(report).toMatchObject({ decisions: 0, overrides: 0, gates: [] });
  });
});

it('repeats are told by cause; those that were not carried through are in no rate', () => {
  const report = reportOf([retry('1', true), retry('2', true), retry('3', false), retry('4', null)]);
  expect(report.retries).toMatchObject([{ category: 'transient', succeeded: { hits: 2, n: 3 }, notCarriedThrough: 1 }]);
});

describe('cost', () => {
  const approved = [{ phase: 'video' as const, model: 'motion-1', output: 'clip' as const, takes: 2, seconds: 8 }];

  it('per approved second counts what was rejected too', () => {
    const [row] = reportOf([cost('a', 400_000), cost('b', 400_000), cost('c', 400_000)], { approved }).costs;
    expect(row).toMatchObject({
      attempts: 3,
      spentMicroUsd: 1_200_000,
      approvedSeconds: 8,
      perSecondMicroUsd: 150_000,
    });
    expect(row?.perStillMicroUsd).toBeNull();
  });

  it('of measurements is spent too, and is no attempt', () => {
    const [row] = reportOf([cost('a', 400_000), cost('a:gates', 5000, 'clip', 'gates')]).costs;
    expect(row).toMatchObject({ attempts: 1, spentMicroUsd: 405_000 });
  });

  it('that nobody told is counted and never taken for nothing', () => {
    const [row] = reportOf([cost('a', null), cost('b', 100)]).costs;
    expect(row).toMatchObject({ attempts: 2, unknownCosts: 1, spentMicroUsd: 100, perSecondMicroUsd: null });
  });

  it('per approved still is told for stills', () => {
    const stills = [{ phase: 'keyframe' as const, model: 'motion-1', output: 'still' as const, takes: 4, seconds: 0 }];
    const [row] = reportOf([cost('a', 100, 'still'), cost('b', 300, 'still')], { approved: stills }).costs;
    expect(row).toMatchObject({ perStillMicroUsd: 100, perSecondMicroUsd: null });
  });
});

it('happy accidents are takes chosen against a gate, the plan or a newer take, with every reason', () => {
  const take = {
    takeId: 'EP001_SH001_T1',
    shotId: 'EP001_SH001',
    phase: 'video' as const,
    note: 'Yes.',
    decidedAt: at,
  };
  const chosen = [
    { ...take, source: 'generated' as const, gateStatus: 'pass' as const, hadNewerPass: false },
    { ...take, source: 'generated' as const, gateStatus: 'fail' as const, hadNewerPass: true },
    { ...take, source: 'external' as const, gateStatus: null, hadNewerPass: false },
    { ...take, source: 'override' as const, gateStatus: 'pass' as const, hadNewerPass: false },
  ];
  expect(reportOf([verdict('v')], { chosen }).accidents.map(({ reasons }) => reasons)).toEqual([
    ['gate_rejected', 'earlier_take'],
    ['external'],
    ['own_file'],
  ]);
});

it('nothing on record is said so, not shown as zeros', () => {
  const report = buildReport(emptyTally(), facts);
  expect(report).toEqual({ status: 'no_data', message: expect.stringContaining('Nothing has been learned yet') });
  expect(toReportFile(report)).toEqual({ status: 'no_data', message: expect.any(String) });
});

it('the file holds what the sheet names, with rates to three places', () => {
  const events = [
    verdict('a'),
    verdict('b'),
    verdict('c', { success: false }),
    override('o', 'false_negative'),
    cost('k', 123_456),
  ];
  const file = reportFileSchema.parse(toReportFile(reportOf(events)));
  expect(file).toMatchObject({
    ...{ generated_at: at, project: 'test', total_verdicts: 3, total_overrides: 1 },
    by_model: { 'still-1': { total: 3, pass_rate: 0.667, total_cost: 0 } },
    by_shot_type: { wide: { total: 3, pass_rate: 0.667 } },
    gate_calibration: { gate_1: { false_positive: 0, false_negative: 1, total_overrides: 1 } },
    cost_of_approved: [{ phase: 'video', model: 'motion-1', spent: 0.1235, cost_per_approved_second: null }],
  });
});

describe('whatever was learned', () => {
  const models = ['still-1', 'motion-1'];
  const anyVerdict = fc
    .record({
      model: fc.constantFrom(...models),
      phase: fc.constantFrom(...phases),
      ok: fc.boolean(),
      left: fc.boolean(),
    })
    .map(
      ({ model, phase, ok, left }): LearningEvent =>
        verdict('x', { model, phase, success: ok, gate_deferred: ok && left }),
    );
  const anyEvent = fc.oneof(
    anyVerdict,
    fc.constantFrom(fault('f'), retry('r', true), retry('r', false), retry('r', null)),
    fc
      .constantFrom<OverrideLine['override_type']>('agreement', 'false_negative', 'false_positive')
      .map((type) => override('o', type)),
    fc.nat(1_000_000).map((micro) => cost('c', micro)),
  );
  const someEvents = fc.array(anyEvent, { minLength: 1, maxLength: 120 });

  it('the order in which it came does not matter', () => {
    fc.assert(
      fc.property(someEvents, fc.infiniteStream(fc.nat()), (events, dice) => {
        const shuffled = events.map((event) => ({ event, die: dice.next().value })).sort((a, b) => a.die - b.die);
        const sorted = (report: LearningFigures) => ({ ...report, costs: [...report.costs] });
        expect(sorted(reportOf(shuffled.map(({ event }) => event)))).toEqual(sorted(reportOf(events)));
      }),
    );
  });

  it('the parts add up to the whole, by engine and by type of shot, and money is none lost', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const report = reportOf(events);
        const judged = (rows: readonly { passed: { n: number }; undecided: number }[]) =>
          rows.reduce((sum, { passed, undecided }) => sum + passed.n + undecided, 0);
        expect(judged(report.byModel)).toBe(report.verdicts);
        expect(judged(report.byShotType)).toBe(report.verdicts);
        const paid = events.reduce(
          (sum, { kind, line }) => sum + (kind === 'cost' ? (line.cost_micro_usd ?? 0) : 0),
          0,
        );
        expect(report.costs.reduce((sum, row) => sum + row.spentMicroUsd, 0)).toBe(paid);
        const repeats = events.filter(({ kind }) => kind === 'retry').length;
        expect(report.retries.reduce((sum, row) => sum + row.succeeded.n + row.notCarriedThrough, 0)).toBe(repeats);
        expect(report.retries.every((row) => failureCategories.includes(row.category))).toBe(true);
      }),
    );
  });
});
