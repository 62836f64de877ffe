import { z } from 'zod';
import { microUsdSchema } from './money.ts';

/** `unmeasurable` and `deferred` are neither a pass nor a fail: a person decides. `skipped`: did not apply. */
export const gateStatusSchema = z.enum(['pass', 'review', 'fail', 'unmeasurable', 'deferred', 'skipped']);
export type GateStatus = z.infer<typeof gateStatusSchema>;

export const gateNameSchema = z.enum(['gate_1', 'gate_2a_identity', 'gate_2a_wardrobe', 'gate_3']);
export type GateName = z.infer<typeof gateNameSchema>;

const measurementSchema = z.strictObject({
  metric: z.string(),
  /** null when it could not be measured; never 0 for unknown */
  value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
  unit: z.string().nullable(),
  /** the limit it was judged by, as text a person reads: "≥ 60", "1280 × 720" */
  threshold: z.string().nullable(),
  status: gateStatusSchema,
});
export type Measurement = z.infer<typeof measurementSchema>;

const findingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['info', 'minor', 'major', 'fatal']),
  message: z.string(),
  startFrame: z.number().int().nonnegative().nullable(),
  endFrame: z.number().int().nonnegative().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What one gate found in one take: the verdict of a gate, with the raw measurements kept. */
export const gateResultSchema = z.strictObject({
  gate: gateNameSchema,
  status: gateStatusSchema,
  reason: z.string(),
  measurements: z.array(measurementSchema),
  findings: z.array(findingSchema),
  costMicroUsd: microUsdSchema,
  durationMs: z.number().nonnegative(),
  policyVersion: z.string(),
});
export type GateResult = z.infer<typeof gateResultSchema>;
