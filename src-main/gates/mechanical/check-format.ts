// Whether a take is what was asked for: kind, length, size, shape, frame rate, sound track. What was not asked for is
// not judged.
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { FrameRate } from '../../../src-shared/domain/timecode.ts';
import type { GateStatus } from '../../../src-shared/domain/verdict.ts';
import type { GateExpectation } from '../../orchestrator/ports/gate.ts';
import { type Check, gradeBelow } from '../gate.ts';
import { makeCheck, short } from './check.ts';
import type { MechanicalPolicy } from './policy.ts';

/** Checks of the container's facts against what was asked. */
export function checkFormat(probe: MediaProbe, asked: GateExpectation, policy: MechanicalPolicy): Check[] {
  const checks: Check[] = [];
  if (asked.kind !== null) checks.push(checkKind(probe, asked.kind));
  if (asked.width !== null && asked.height !== null) {
    checks.push(...checkPictureSize(probe, { width: asked.width, height: asked.height }, policy));
  }
  if (probe.kind === 'still') return checks;
  if (asked.durationSeconds !== null) checks.push(checkDuration(probe, asked.durationSeconds, policy));
  if (asked.frameRate !== null) checks.push(checkFrameRate(probe, asked.frameRate, policy));
  return checks;
}

const kindNames = { clip: 'clip', still: 'still picture', audio: 'sound file' } as const;

function checkKind(probe: MediaProbe, asked: 'clip' | 'still'): Check {
  return makeCheck({
    metric: 'kind',
    status: probe.kind === asked ? 'pass' : 'fail',
    value: probe.kind,
    threshold: asked,
    message: `A ${kindNames[asked]} was asked for and a ${kindNames[probe.kind]} came.`,
    severity: 'fatal',
  });
}

interface Size {
  width: number;
  height: number;
}

function checkPictureSize(probe: MediaProbe, asked: Size, policy: MechanicalPolicy): Check[] {
  const { width, height } = probe;
  const threshold = `${asked.width} × ${asked.height}`;
  if (width === null || height === null) {
    return [
      makeCheck({ metric: 'size', status: 'unmeasurable', value: null, threshold, message: 'The size is unknown.' }),
    ];
  }
  const deviation = Math.abs(width / height / (asked.width / asked.height) - 1);
  const aspect = gradeBelow(deviation, { pass: policy.aspect.passShare, review: policy.aspect.reviewShare });
  return [
    makeCheck({
      metric: 'size',
      status: gradeSize({ width, height }, asked, policy, aspect),
      value: `${width} × ${height}`,
      unit: 'px',
      threshold,
      message: `The picture is ${width} × ${height}; ${threshold} was asked for.`,
    }),
    makeCheck({
      metric: 'aspect',
      status: aspect,
      value: width / height,
      threshold: short(asked.width / asked.height),
      message: `The shape is ${short(width / height)} : 1; ${short(asked.width / asked.height)} : 1 was asked for.`,
    }),
  ];
}

/** Exactly as asked passes; a little off, or larger in the same shape, is for a person to judge. */
function gradeSize(got: Size, asked: Size, policy: MechanicalPolicy, aspect: GateStatus): GateStatus {
  if (got.width === asked.width && got.height === asked.height) return 'pass';
  if (aspect === 'fail') return 'fail';
  const scale = Math.min(got.width / asked.width, got.height / asked.height);
  // engines make their own sizes of a shape: larger ones are scaled down without loss
  if (scale >= 1) return aspect;
  return scale >= 1 - policy.size.reviewShare - 1e-9 ? 'review' : 'fail';
}

function checkDuration(probe: MediaProbe, asked: number, policy: MechanicalPolicy): Check {
  const { durationSeconds } = probe;
  const threshold = `${short(asked)} s ± ${short(policy.duration.passSeconds)} s`;
  const base = { metric: 'duration', unit: 's', threshold };
  if (durationSeconds === null) {
    return makeCheck({ ...base, status: 'unmeasurable', value: null, message: 'The length is unknown.' });
  }
  // half a millisecond absorbs what containers round
  const off = Math.abs(durationSeconds - asked) - 0.0005;
  return makeCheck({
    ...base,
    status: gradeBelow(off, { pass: policy.duration.passSeconds, review: policy.duration.reviewSeconds }),
    value: durationSeconds,
    message: `The clip lasts ${short(durationSeconds)} s; ${short(asked)} s was asked for.`,
  });
}

function checkFrameRate(probe: MediaProbe, asked: FrameRate, policy: MechanicalPolicy): Check {
  const wanted = asked.num / asked.den;
  const base = { metric: 'frame_rate', unit: 'frames/s', threshold: short(wanted) };
  if (probe.frameRate === null) {
    const message = 'The frames come at varying intervals.';
    return makeCheck({ ...base, status: 'review', value: null, message });
  }
  const got = probe.frameRate.num / probe.frameRate.den;
  return makeCheck({
    ...base,
    status: gradeBelow(Math.abs(got / wanted - 1), {
      pass: policy.frameRate.passShare,
      review: policy.frameRate.reviewShare,
    }),
    value: got,
    message: `The clip runs at ${short(got)} frames/s; ${short(wanted)} was asked for.`,
  });
}
