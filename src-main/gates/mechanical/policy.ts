import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { phaseSchema } from '../../../src-shared/domain/phase.ts';
import { findAppRoot } from '../../platform/app-root.ts';

const share = z.number().min(0).max(1);
const seconds = z.number().nonnegative();

/** Thresholds of gate 1, kept as data; the shape of resources/qc-mechanical.v1.json. */
export const mechanicalPolicySchema = z.strictObject({
  version: z.string().min(1),
  note: z.string(),
  duration: z.strictObject({ passSeconds: seconds, reviewSeconds: seconds }),
  /** a picture of the right shape passes when it is as large or larger; smaller by up to this share, or off in shape, a person decides */
  size: z.strictObject({ reviewShare: share }),
  aspect: z.strictObject({ passShare: share, reviewShare: share }),
  frameRate: z.strictObject({ passShare: share, reviewShare: share }),
  /** a frame with this share of black pixels is black; a run of such frames this long fails */
  black: z.strictObject({ pictureShare: share, runSeconds: seconds }),
  /** a frame whose luma differs by less from the one before stands still */
  frozen: z.strictObject({ changeBelow: z.number().positive(), reviewSeconds: seconds, failSeconds: seconds }),
  sharpness: z.strictObject({ pass: z.number(), review: z.number(), phases: z.array(phaseSchema) }),
  flicker: z.strictObject({ pass: z.number(), review: z.number() }),
  audio: z.strictObject({
    silentBelowDb: z.number(),
    reviewShare: share,
    failShare: share,
    clipPeakDb: z.number(),
    clipFlatFactor: z.number(),
  }),
  still: z.strictObject({ blankDeviation: z.number().nonnegative() }),
});
export type MechanicalPolicy = z.infer<typeof mechanicalPolicySchema>;

/** Reads the policy that is delivered with the app. */
export function loadMechanicalPolicy(appRoot = findAppRoot()): MechanicalPolicy {
  const path = join(appRoot, 'resources', 'qc-mechanical.v1.json');
  return mechanicalPolicySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
