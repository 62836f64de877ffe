// Whether the pictures of a clip are sound: black, frozen, soft, flickering. Figures come per frame, so a fault that runs
// to the last frame is seen like any other (freezedetect reports no end for it).
import type { ClipMetrics } from '../../../src-shared/domain/media-metrics.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Check } from '../gate.ts';
import { makeCheck, short } from './check.ts';
import type { MechanicalPolicy } from './policy.ts';

export interface ClipFigures {
  metrics: ClipMetrics;
  secondsPerFrame: number;
  phase: Phase;
}

/** Checks of a clip's per-frame figures. */
export function checkPictures(figures: ClipFigures, policy: MechanicalPolicy): Check[] {
  return [
    checkBlack(figures, policy),
    checkFrozen(figures, policy),
    checkClipSharpness(figures, policy),
    checkFlicker(figures, policy),
  ];
}

export interface FrameRun {
  start: number;
  /** last frame of the run */
  end: number;
}

/** The longest run of frames for which `holds`; null when there is none. */
export function longestRun(count: number, holds: (frame: number) => boolean): FrameRun | null {
  let longest: FrameRun | null = null;
  for (let frame = 0; frame < count; frame += 1) {
    if (!holds(frame)) continue;
    const start = frame;
    while (frame + 1 < count && holds(frame + 1)) frame += 1;
    if (longest === null || frame - start > longest.end - longest.start) longest = { start, end: frame };
  }
  return longest;
}

function checkBlack({ metrics, secondsPerFrame }: ClipFigures, policy: MechanicalPolicy): Check {
  const { pictureShare, runSeconds } = policy.black;
  const run = longestRun(metrics.black.length, (frame) => (metrics.black[frame] ?? 0) >= pictureShare);
  const seconds = run ? Math.round((run.end - run.start + 1) * secondsPerFrame * 1e6) / 1e6 : 0;
  return makeCheck({
    metric: 'black',
    // above 25 frames a second one black frame is shorter than the limit: still worth a look
    status: run === null ? 'pass' : seconds < runSeconds ? 'review' : 'fail',
    value: seconds,
    unit: 's',
    threshold: 'none',
    message: `The picture is black for ${short(seconds)} s.`,
    ...(run && { frames: run }),
  });
}

function checkFrozen({ metrics, secondsPerFrame }: ClipFigures, policy: MechanicalPolicy): Check {
  const { changeBelow, reviewSeconds, failSeconds } = policy.frozen;
  const run = longestRun(metrics.change.length, (frame) => {
    const change = metrics.change[frame];
    return change !== null && change !== undefined && change < changeBelow;
  });
  const seconds = run ? (run.end - run.start + 1) * secondsPerFrame : 0;
  const rounded = Math.round(seconds * 1e6) / 1e6;
  return makeCheck({
    metric: 'frozen',
    status: rounded < reviewSeconds ? 'pass' : rounded < failSeconds ? 'review' : 'fail',
    value: rounded,
    unit: 's',
    threshold: `< ${reviewSeconds}`,
    message: `Nothing moves for ${short(seconds)} s.`,
    // the frame before the first that repeats it belongs to the still picture
    ...(run && { frames: { start: Math.max(0, run.start - 1), end: run.end } }),
  });
}

function checkClipSharpness(figures: ClipFigures, policy: MechanicalPolicy): Check {
  const { metrics, secondsPerFrame } = figures;
  const { framesPerSecond, variances } = metrics.sharpness;
  // a black frame has no edges to be soft
  const usable = variances.filter((_, sample) => {
    const frame = Math.round(sample / framesPerSecond / secondsPerFrame);
    return (metrics.black[Math.min(frame, metrics.black.length - 1)] ?? 0) < policy.black.pictureShare;
  });
  return gradeSharpness(median(usable), figures.phase, policy);
}

/** Grades one figure of sharpness; sketches (previs) are soft by nature and not judged. */
export function gradeSharpness(value: number | null, phase: Phase, policy: MechanicalPolicy): Check {
  const { pass, review, phases } = policy.sharpness;
  const base = { metric: 'sharpness', value: value === null ? null : toHundredths(value), threshold: `≥ ${pass}` };
  if (!phases.includes(phase)) return makeCheck({ ...base, status: 'skipped' });
  if (value === null) {
    return makeCheck({ ...base, status: 'unmeasurable', message: 'No frame shows enough to judge its sharpness.' });
  }
  const status = value >= pass ? 'pass' : value >= review ? 'review' : 'fail';
  return makeCheck({ ...base, status, message: `The picture is soft (${short(value)}; sharp from ${pass}).` });
}

function checkFlicker({ metrics }: ClipFigures, policy: MechanicalPolicy): Check {
  const { luma } = metrics;
  const base = { metric: 'flicker', threshold: `< ${policy.flicker.pass}` };
  if (luma.length < 3) return makeCheck({ ...base, status: 'skipped', value: null });
  let sum = 0;
  for (let frame = 1; frame < luma.length - 1; frame += 1) {
    sum += Math.abs((luma[frame + 1] ?? 0) - 2 * (luma[frame] ?? 0) + (luma[frame - 1] ?? 0));
  }
  const value = toHundredths(sum / (luma.length - 2));
  const status = value < policy.flicker.pass ? 'pass' : value <= policy.flicker.review ? 'review' : 'fail';
  return makeCheck({ ...base, status, value, message: `The brightness flickers (${short(value)} levels a frame).` });
}

function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
