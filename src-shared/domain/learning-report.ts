/** The learning report as rooms and scripts read it. Every rate carries its denominator and its 95 % interval. */
import { z } from 'zod';
import { failureCategorySchema } from './failure.ts';
import { shotIdSchema, takeIdSchema } from './ids.ts';
import { timedStateSchema } from './learning.ts';
import { microUsdSchema } from './money.ts';
import { phaseSchema } from './phase.ts';
import { shotTypeSchema } from './plan.ts';
import { proportionSchema } from './proportion.ts';
import { gateNameSchema } from './verdict.ts';

const passSchema = z.strictObject({
  /** attempts that all gates passed, of those that were passed or rejected */
  passed: proportionSchema,
  /** takes that no gate could decide on: left to people, in no denominator */
  undecided: z.number().int().nonnegative(),
  /** attempts that never reached the engine's judgement: provider, account or disk out of order; in no denominator */
  faults: z.number().int().nonnegative(),
});

const modelRowSchema = passSchema.extend({ model: z.string(), costMicroUsd: microUsdSchema });
export type ModelRow = z.infer<typeof modelRowSchema>;

const shotTypeRowSchema = passSchema.extend({ shotType: shotTypeSchema.nullable() });
export type ShotTypeRow = z.infer<typeof shotTypeRowSchema>;

/** How often people decided against a gate. */
const gateRowSchema = z.strictObject({
  gate: gateNameSchema,
  /** rejected by a person, of the takes that the gate passed and a person decided on */
  falsePositive: proportionSchema,
  /** approved by a person, of the takes that the gate rejected and a person decided on */
  falseNegative: proportionSchema,
});
export type GateRow = z.infer<typeof gateRowSchema>;

const retryRowSchema = z.strictObject({
  category: failureCategorySchema,
  succeeded: proportionSchema,
  /** overtaken by a decision, out of budget or in doubt: in no denominator */
  notCarriedThrough: z.number().int().nonnegative(),
});
export type RetryRow = z.infer<typeof retryRowSchema>;

/** What an engine cost in a phase, all its attempts included, and what came of it. */
const costRowSchema = z.strictObject({
  phase: phaseSchema,
  model: z.string(),
  output: z.enum(['still', 'clip']),
  attempts: z.number().int().nonnegative(),
  spentMicroUsd: microUsdSchema,
  /** attempts whose cost nobody told */
  unknownCosts: z.number().int().nonnegative(),
  approvedTakes: z.number().int().nonnegative(),
  approvedSeconds: z.number().nonnegative(),
  /** clips; null while nothing is approved */
  perSecondMicroUsd: z.number().nonnegative().nullable(),
  /** stills; null while nothing is approved */
  perStillMicroUsd: z.number().nonnegative().nullable(),
});
export type CostRow = z.infer<typeof costRowSchema>;

/** Time that a phase spends at a station, or waiting for the operator, each time it is there. */
const stationRowSchema = z.strictObject({
  state: timedStateSchema,
  phase: phaseSchema,
  n: z.number().int().positive(),
  medianMs: z.number().nonnegative(),
  p95Ms: z.number().nonnegative(),
});
export type StationRow = z.infer<typeof stationRowSchema>;

export const accidentReasonSchema = z.enum(['gate_rejected', 'external', 'own_file', 'earlier_take']);
export type AccidentReason = z.infer<typeof accidentReasonSchema>;

/** A take that a person chose although the gates or the plan did not favour it. */
const happyAccidentSchema = z.strictObject({
  takeId: takeIdSchema,
  shotId: shotIdSchema,
  phase: phaseSchema,
  reasons: z.array(accidentReasonSchema).min(1),
  note: z.string(),
  decidedAt: z.iso.datetime(),
});
export type HappyAccident = z.infer<typeof happyAccidentSchema>;

/** Something that the figures say clearly enough to be looked at. Nothing acts on it by itself. */
const suggestionSchema = z.strictObject({
  /** hash of the normalised text: the same finding is the same in every project */
  hash: z.string(),
  text: z.string(),
  /** the figures: cases, denominator, interval */
  evidence: z.string(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

const noDataSchema = z.strictObject({ status: z.literal('no_data'), message: z.string() });

const learningFiguresSchema = z.strictObject({
  status: z.literal('ready'),
  project: z.string(),
  generatedAt: z.iso.datetime(),
  verdicts: z.number().int().nonnegative(),
  /** decisions of people on takes; those against a gate */
  decisions: z.number().int().nonnegative(),
  overrides: z.number().int().nonnegative(),
  byModel: z.array(modelRowSchema),
  byShotType: z.array(shotTypeRowSchema),
  gates: z.array(gateRowSchema),
  retries: z.array(retryRowSchema),
  costs: z.array(costRowSchema),
  stations: z.array(stationRowSchema),
  accidents: z.array(happyAccidentSchema),
  suggestions: z.array(suggestionSchema),
  /** when a figure is enough for a suggestion, as a sentence */
  rule: z.string(),
});
export type LearningFigures = z.infer<typeof learningFiguresSchema>;

export const learningReportSchema = z.discriminatedUnion('status', [noDataSchema, learningFiguresSchema]);
export type LearningReport = z.infer<typeof learningReportSchema>;

/** One finding that all projects of this user know. */
export const sharedFindingSchema = z.strictObject({
  hash: z.string(),
  text: z.string(),
  evidence: z.string(),
  project: z.string(),
  /** to the minute, for example `2026-11-21T12:30Z` */
  found_at: z.string(),
});
export type SharedFinding = z.infer<typeof sharedFindingSchema>;

/** `learnings.json` in the user's data folder. */
export const sharedLearningsSchema = z.strictObject({
  schema_version: z.literal('circletake.learnings.v1'),
  findings: z.array(sharedFindingSchema),
});
export type SharedLearningsFile = z.infer<typeof sharedLearningsSchema>;
