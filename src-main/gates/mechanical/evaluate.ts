// Gate 1 as a pure function: probe, raw figures, what was asked and the policy in; verdict out.
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { DecodeMetrics, MediaMetrics, StillMetrics } from '../../../src-shared/domain/media-metrics.ts';
import type { GateResult } from '../../../src-shared/domain/verdict.ts';
import type { GateExpectation } from '../../orchestrator/ports/gate.ts';
import { type Check, combineStatuses } from '../gate.ts';
import { makeCheck } from './check.ts';
import { checkFormat } from './check-format.ts';
import { checkPictures, gradeSharpness } from './check-picture.ts';
import { checkSound } from './check-sound.ts';
import type { MechanicalPolicy } from './policy.ts';

export interface Evidence {
  probe: MediaProbe;
  /** null for sound, or where nothing could be measured */
  metrics: MediaMetrics | null;
  expectation: GateExpectation;
}

export type Verdict = Pick<GateResult, 'status' | 'reason' | 'measurements' | 'findings'>;

/** Judges one take by the policy. */
export function evaluateMechanical(evidence: Evidence, policy: MechanicalPolicy): Verdict {
  const checks = collectChecks(evidence, policy);
  const status = combineStatuses(checks.map((check) => check.measurement.status));
  const findings = checks.flatMap((check) => (check.finding ? [check.finding] : []));
  const order = { fatal: 0, major: 1, minor: 2, info: 3 } as const;
  findings.sort((a, b) => order[a.severity] - order[b.severity]);
  return {
    status,
    reason: findings[0]?.message ?? 'Whole, as asked for, and nothing wrong in picture or sound.',
    measurements: checks.map((check) => check.measurement),
    findings,
  };
}

function collectChecks({ probe, metrics, expectation }: Evidence, policy: MechanicalPolicy): Check[] {
  if (probe.playability === 'unreadable') return [unreadable(probe), ...checkFormat(probe, expectation, policy)];
  const checks = checkFormat(probe, expectation, policy);
  if (metrics === null) return [unmeasured(), ...checks];
  checks.unshift(checkDecode(metrics.decode, probe.kind === 'still'));
  if (metrics.kind === 'still') return [...checks, ...checkStill(metrics, expectation, policy)];
  if (metrics.frameCount > 0) {
    const secondsPerFrame =
      (probe.durationSeconds ?? metrics.frameCount / 24) / (probe.frameCount || metrics.frameCount);
    checks.push(...checkPictures({ metrics, secondsPerFrame, phase: expectation.phase }, policy));
  }
  if (expectation.audio === true) checks.push(...checkSound(probe, metrics.audio, policy));
  return checks;
}

function unreadable(probe: MediaProbe): Check {
  const message = probe.problem ?? 'The file cannot be decoded.';
  return makeCheck({ metric: 'decode', status: 'fail', value: false, threshold: 'true', message, severity: 'fatal' });
}

function unmeasured(): Check {
  const message = 'The take could not be measured: a person has to look at it.';
  return makeCheck({ metric: 'decode', status: 'unmeasurable', value: null, threshold: 'true', message });
}

function checkDecode(decode: DecodeMetrics, still: boolean): Check {
  const what = still ? 'The picture' : 'The film';
  // the probe's words are a sentence already, a decoder's are not
  const sentence = decode.message?.endsWith('.') ? decode.message : null;
  const message = sentence ?? `${what} does not decode to its end: ${decode.message ?? 'no reason was given'}`;
  return makeCheck({
    metric: 'decode',
    status: decode.ok ? 'pass' : 'fail',
    value: decode.ok,
    threshold: 'true',
    message,
    severity: 'fatal',
  });
}

function checkStill(metrics: StillMetrics, expectation: GateExpectation, policy: MechanicalPolicy): Check[] {
  const { black, lumaDeviation } = metrics;
  if (black === null || lumaDeviation === null) return [];
  return [
    makeCheck({
      metric: 'black',
      status: black >= policy.black.pictureShare ? 'fail' : 'pass',
      value: black,
      threshold: `< ${policy.black.pictureShare}`,
      message: 'The picture is black.',
    }),
    makeCheck({
      metric: 'blank',
      status: lumaDeviation < policy.still.blankDeviation ? 'fail' : 'pass',
      value: lumaDeviation,
      threshold: `≥ ${policy.still.blankDeviation}`,
      message: 'The picture is blank: one even tone.',
    }),
    gradeSharpness(metrics.sharpness, expectation.phase, policy),
  ];
}
