import { auditVerb } from './audit.ts';
import { batchesVerb } from './batches.ts';
import { approveVerb, rejectVerb } from './decide.ts';
import { doctorVerb } from './doctor.ts';
import { exportVerb } from './export.ts';
import { keyVerb } from './key.ts';
import { learnVerb } from './learn.ts';
import { reconcileVerb } from './reconcile.ts';
import { runVerb } from './run.ts';
import { sampleVerb } from './sample.ts';
import { serveVerb } from './serve.ts';
import { statusVerb } from './status.ts';
import { takesVerb } from './takes.ts';
import type { Verb } from './verb.ts';
import { verifyVerb } from './verify.ts';

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  sampleVerb,
  statusVerb,
  auditVerb,
  runVerb,
  batchesVerb,
  reconcileVerb,
  takesVerb,
  approveVerb,
  rejectVerb,
  verifyVerb,
  exportVerb,
  learnVerb,
  keyVerb,
  serveVerb,
  doctorVerb,
];
