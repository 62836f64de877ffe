import { z } from 'zod';
import { failureCategorySchema } from '../../src-shared/domain/failure.ts';
import { takeIdSchema } from '../../src-shared/domain/ids.ts';
import { timedStateSchema } from '../../src-shared/domain/learning.ts';
import {
  accidentReasonSchema,
  type LearningFigures,
  type LearningReport,
} from '../../src-shared/domain/learning-report.ts';
import { usdNumber } from '../../src-shared/domain/money.ts';
import { phaseSchema } from '../../src-shared/domain/phase.ts';
import type { Proportion } from '../../src-shared/domain/proportion.ts';
import { gateNameSchema } from '../../src-shared/domain/verdict.ts';

const rateSchema = z.number().min(0).max(1).nullable();
const intervalSchema = z.tuple([z.number(), z.number()]).nullable();
const passSchema = z.strictObject({ total: z.number().int(), pass_rate: rateSchema, interval_95: intervalSchema });

/** `state/learning/latest_report.json` (facts/orchestrator.md §9), with what the sheets ask of it since. */
export const reportFileSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('no_data'), message: z.string() }),
  z.strictObject({
    status: z.literal('ok'),
    generated_at: z.iso.datetime(),
    project: z.string(),
    total_verdicts: z.number().int(),
    /** decisions of people against a gate */
    total_overrides: z.number().int(),
    by_model: z.record(z.string(), passSchema.extend({ total_cost: z.number() })),
    by_shot_type: z.record(z.string(), passSchema),
    gate_calibration: z.partialRecord(
      gateNameSchema,
      z.strictObject({
        ...{ false_positive: z.number().int(), false_negative: z.number().int(), total_overrides: z.number().int() },
        ...{ false_positive_rate: rateSchema, false_positive_n: z.number().int(), false_positive_95: intervalSchema },
        ...{ false_negative_rate: rateSchema, false_negative_n: z.number().int(), false_negative_95: intervalSchema },
      }),
    ),
    retry_success: z.partialRecord(
      failureCategorySchema,
      z.strictObject({ total: z.number().int(), success_rate: rateSchema, interval_95: intervalSchema }),
    ),
    /** by phase and engine; dollars, rejected takes included; null while nothing is approved */
    cost_of_approved: z.array(
      z.strictObject({
        ...{ phase: phaseSchema, model: z.string(), attempts: z.number().int(), spent: z.number() },
        ...{ approved_takes: z.number().int(), approved_seconds: z.number(), unknown_costs: z.number().int() },
        ...{ cost_per_approved_second: z.number().nullable(), cost_per_approved_still: z.number().nullable() },
      }),
    ),
    station_times: z.array(
      z.strictObject({
        ...{ state: timedStateSchema, phase: phaseSchema, n: z.number().int() },
        ...{ median_seconds: z.number(), p95_seconds: z.number() },
      }),
    ),
    happy_accidents: z.array(
      z.strictObject({
        ...{ take_id: takeIdSchema, phase: phaseSchema, reasons: z.array(accidentReasonSchema), notes: z.string() },
      }),
    ),
    suggestions: z.array(z.strictObject({ text: z.string(), evidence: z.string() })),
  }),
]);
export type ReportFile = z.infer<typeof reportFileSchema>;

/** The report as it is written for other programs. */
export function toReportFile(report: LearningReport): ReportFile {
  if (report.status === 'no_data') return { status: 'no_data', message: report.message };
  return {
    status: 'ok',
    generated_at: report.generatedAt,
    project: report.project,
    total_verdicts: report.verdicts,
    total_overrides: report.overrides,
    by_model: Object.fromEntries(
      report.byModel.map((row) => [row.model, { ...passOf(row.passed), total_cost: usdNumber(row.costMicroUsd) }]),
    ),
    by_shot_type: Object.fromEntries(report.byShotType.map((row) => [row.shotType ?? 'unknown', passOf(row.passed)])),
    gate_calibration: Object.fromEntries(
      report.gates.map(({ gate, falsePositive, falseNegative }) => [
        gate,
        {
          ...{ false_positive: falsePositive.hits, false_negative: falseNegative.hits },
          total_overrides: falsePositive.hits + falseNegative.hits,
          ...{ false_positive_rate: rateOf(falsePositive), false_positive_n: falsePositive.n },
          ...{ false_negative_rate: rateOf(falseNegative), false_negative_n: falseNegative.n },
          ...{ false_positive_95: intervalOf(falsePositive), false_negative_95: intervalOf(falseNegative) },
        },
      ]),
    ),
    retry_success: Object.fromEntries(
      report.retries.map(({ category, succeeded }) => [
        category,
        { total: succeeded.n, success_rate: rateOf(succeeded), interval_95: intervalOf(succeeded) },
      ]),
    ),
    ...factsOf(report),
    suggestions: report.suggestions.map(({ text, evidence }) => ({ text, evidence })),
  };
}

function factsOf({ costs, stations, accidents }: LearningFigures) {
  return {
    cost_of_approved: costs.map((row) => ({
      ...{ phase: row.phase, model: row.model, attempts: row.attempts, spent: usdNumber(row.spentMicroUsd) },
      ...{ approved_takes: row.approvedTakes, approved_seconds: row.approvedSeconds, unknown_costs: row.unknownCosts },
      cost_per_approved_second: row.perSecondMicroUsd === null ? null : usdNumber(row.perSecondMicroUsd),
      cost_per_approved_still: row.perStillMicroUsd === null ? null : usdNumber(row.perStillMicroUsd),
    })),
    station_times: stations.map(({ state, phase, n, medianMs, p95Ms }) => ({
      ...{ state, phase, n, median_seconds: threePlaces(medianMs / 1000), p95_seconds: threePlaces(p95Ms / 1000) },
    })),
    happy_accidents: accidents.map(({ takeId, phase, reasons, note }) => ({
      ...{ take_id: takeId, phase, reasons, notes: note },
    })),
  };
}

function passOf(passed: Proportion) {
  return { total: passed.n, pass_rate: rateOf(passed), interval_95: intervalOf(passed) };
}

function rateOf({ rate }: Proportion): number | null {
  return rate === null ? null : threePlaces(rate);
}

function intervalOf({ low, high }: Proportion): [number, number] | null {
  return low === null || high === null ? null : [threePlaces(low), threePlaces(high)];
}

function threePlaces(value: number): number {
  return Math.round(value * 1000) / 1000;
}
