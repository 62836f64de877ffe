import { z } from 'zod';

/** The three phases of a shot, in the order in which an approval enqueues the next. */
export const phases = ['previs', 'keyframe', 'video'] as const;
export const phaseSchema = z.enum(phases);
export type Phase = z.infer<typeof phaseSchema>;

/** The phase that an approval enqueues; null after video, whose approved take becomes a select. */
export function nextPhase(phase: Phase): Phase | null {
  return phases[phases.indexOf(phase) + 1] ?? null;
}

/** The phase that must be approved first; null for previs. */
export function previousPhase(phase: Phase): Phase | null {
  return phases[phases.indexOf(phase) - 1] ?? null;
}
