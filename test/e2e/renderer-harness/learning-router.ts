import { implement } from '@orpc/server';
import { contract } from '../../../src-shared/api/contract.ts';
import type { SharedFinding } from '../../../src-shared/domain/learning-report.ts';
import { proportionOf } from '../../../src-shared/domain/proportion.ts';

const os = implement(contract);

/** A production that has taught something of everything. */
export function learningRouter() {
  const findings: SharedFinding[] = [];
  const shared = () => ({ findings, displayPath: '/home/director/circletake/learnings.json' });
  const suggestion = {
    hash: `sha256:${'ab'.repeat(32)}`,
    text: 'Gate 1 · Mechanical turns away takes that people approve: its limits may be too strict.',
    evidence: 'People approved 12 of 30 (40 %, 25–58 %) of the takes it had rejected.',
  };
  return {
    report: os.learning.report.handler(() => ({
      seq: 1,
      report: {
        status: 'ready' as const,
        ...{ project: 'sample', generatedAt: '2026-11-21T12:00:00.000Z', verdicts: 96, decisions: 61, overrides: 14 },
        byModel: [
          {
            model: 'embedded-motion-1',
            passed: proportionOf(21, 34),
            undecided: 2,
            faults: 3,
            costMicroUsd: 10_880_000,
          },
          { model: 'embedded-still-1', passed: proportionOf(55, 62), undecided: 0, faults: 6, costMicroUsd: 2_480_000 },
        ],
        byShotType: [
          { shotType: 'wide' as const, passed: proportionOf(30, 32), undecided: 0, faults: 1 },
          { shotType: 'two_shot' as const, passed: proportionOf(3, 11), undecided: 2, faults: 0 },
        ],
        gates: [
          { gate: 'gate_1' as const, falsePositive: proportionOf(2, 31), falseNegative: proportionOf(12, 30) },
          { gate: 'gate_2a_identity' as const, falsePositive: proportionOf(0, 4), falseNegative: proportionOf(0, 0) },
        ],
        retries: [
          { category: 'transient' as const, succeeded: proportionOf(9, 9), notCarriedThrough: 1 },
          { category: 'gate_mechanical' as const, succeeded: proportionOf(5, 13), notCarriedThrough: 0 },
        ],
        costs: [
          {
            ...{ phase: 'keyframe' as const, model: 'embedded-still-1', output: 'still' as const, attempts: 62 },
            ...{ spentMicroUsd: 2_480_000, unknownCosts: 1, approvedTakes: 12, approvedSeconds: 0 },
            ...{ perSecondMicroUsd: null, perStillMicroUsd: 206_667 },
          },
          {
            ...{ phase: 'video' as const, model: 'embedded-motion-1', output: 'clip' as const, attempts: 34 },
            ...{ spentMicroUsd: 10_880_000, unknownCosts: 0, approvedTakes: 9, approvedSeconds: 41.5 },
            ...{ perSecondMicroUsd: 262_169, perStillMicroUsd: null },
          },
        ],
        stations: [
          { state: 'assembling' as const, phase: 'keyframe' as const, n: 62, medianMs: 6200, p95Ms: 19_400 },
          { state: 'awaiting_operator' as const, phase: 'video' as const, n: 20, medianMs: 640_000, p95Ms: 7_200_000 },
        ],
        accidents: [
          {
            ...{ takeId: 'EP001_SH003_T2', shotId: 'EP001_SH003', phase: 'keyframe' as const },
            ...{ reasons: ['gate_rejected' as const], note: 'The grain is the point.' },
            decidedAt: '2026-11-21T11:00:00.000Z',
          },
        ],
        suggestions: [suggestion],
        rule: 'A figure is spoken of from 20 cases on.',
      },
    })),
    shared: os.learning.shared.handler(shared),
    share: os.learning.share.handler(() => {
      const isNew = findings.length === 0;
      if (isNew) findings.push({ ...suggestion, project: 'sample', found_at: '2026-11-21T12:00Z' });
      return { added: isNew ? 1 : 0, shared: shared() };
    }),
  };
}
