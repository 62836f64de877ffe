import { z } from 'zod';
import { failureCategorySchema } from '../../src-shared/domain/failure.ts';
import type { LearningReport } from '../../src-shared/domain/learning-report.ts';
import { usdNumber } from '../../src-shared/domain/money.ts';
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
    suggestions: report.suggestions.map(({ text, evidence }) => ({ text, evidence })),
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
