import { describe, expect, test } from 'vitest';
import { combineStatuses, gradeBelow } from '../../../src-main/gates/gate.ts';
import { longestRun } from '../../../src-main/gates/mechanical/check-picture.ts';
import { type Evidence, evaluateMechanical } from '../../../src-main/gates/mechanical/evaluate.ts';
import { createMechanicalGate } from '../../../src-main/gates/mechanical/mechanical-gate.ts';
import { loadMechanicalPolicy, mechanicalPolicySchema } from '../../../src-main/gates/mechanical/policy.ts';
import type { GateExpectation } from '../../../src-main/orchestrator/ports/gate.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import type { MediaProbe } from '../../../src-shared/domain/media.ts';
import type { ClipMetrics, StillMetrics } from '../../../src-shared/domain/media-metrics.ts';
import { gateResultSchema } from '../../../src-shared/domain/verdict.ts';

const policy = loadMechanicalPolicy();
const { signal } = new AbortController();
const frames = 120;

const clipProbe: MediaProbe = {
  kind: 'clip',
  container: 'mp4',
  mimeType: 'video/mp4',
  width: 720,
  height: 1280,
  rotation: 0,
  durationSeconds: 5,
  frameRate: { num: 24, den: 1 },
  frameCount: frames,
  videoCodec: 'h264',
  pixelFormat: 'yuv420p',
  hasAudio: true,
  audioCodec: 'aac',
  sizeBytes: 1000,
  playability: 'native',
  problem: null,
};
const goodClip: ClipMetrics = {
  kind: 'clip',
  decode: { ok: true, message: null },
  frameCount: frames,
  luma: Array.from({ length: frames }, () => 100),
  change: [null, ...Array.from({ length: frames - 1 }, () => 2)],
  black: Array.from({ length: frames }, () => 0.1),
  sharpness: { framesPerSecond: 2, variances: Array.from({ length: 10 }, () => 200) },
  audio: { windowSeconds: 0.1, rmsDb: Array.from({ length: 50 }, () => -20), peakDb: -6, flatFactor: 0 },
};
const goodStill: StillMetrics = {
  kind: 'still',
  decode: { ok: true, message: null },
  luma: 100,
  lumaDeviation: 40,
  black: 0.1,
  sharpness: 200,
};
const asked: GateExpectation = {
  phase: 'video',
  kind: 'clip',
  width: 720,
  height: 1280,
  frameRate: { num: 24, den: 1 },
  durationSeconds: 5,
  audio: true,
};

interface Change {
  probe?: Partial<MediaProbe>;
  metrics?: Partial<ClipMetrics>;
  asked?: Partial<GateExpectation>;
}

function judge(change: Change = {}) {
  const evidence: Evidence = {
    probe: { ...clipProbe, ...change.probe },
    metrics: { ...goodClip, ...change.metrics },
    expectation: { ...asked, ...change.asked },
  };
  return evaluateMechanical(evidence, policy);
}

function statusOf(metric: string, change: Change) {
  return judge(change).measurements.find((measurement) => measurement.metric === metric)?.status;
}

/** `values` with `count` entries replaced from `start` on. */
function replaceRun<T>(values: readonly T[], run: { start: number; count: number }, value: T): T[] {
  return values.map((old, at) => (at >= run.start && at < run.start + run.count ? value : old));
}

test('a clip that is as asked for passes with every measurement kept', () => {
  const verdict = judge();
  expect(verdict).toMatchObject({ status: 'pass', findings: [] });
  expect(verdict.measurements.map((measurement) => measurement.metric)).toEqual([
    'decode',
    'kind',
    'size',
    'aspect',
    'duration',
    'frame_rate',
    'black',
    'frozen',
    'sharpness',
    'flicker',
    'silence',
    'clipping',
  ]);
});

describe('what was asked for', () => {
  test.each([
    [5.1, 'pass'],
    [4.9, 'pass'],
    [5.11, 'review'],
    [5.5, 'review'],
    [5.51, 'fail'],
    [3, 'fail'],
    [null, 'unmeasurable'],
  ])('a length of %s s is %s', (durationSeconds, status) => {
    expect(statusOf('duration', { probe: { durationSeconds } })).toBe(status);
  });

  test.each([
    [720, 1280, 'pass'],
    [704, 1248, 'review'],
    [1080, 1920, 'pass'],
    [768, 1376, 'review'],
    [684, 1216, 'review'],
    [480, 854, 'review'],
    [360, 640, 'fail'],
    [1280, 720, 'fail'],
  ])('a size of %i × %i is %s', (width, height, status) => {
    expect(statusOf('size', { probe: { width, height } })).toBe(status);
  });

  test.each([
    [720, 1276, 'pass'],
    [720, 1260, 'review'],
    [752, 1392, 'review'],
    [720, 1180, 'fail'],
  ])('a shape of %i : %i is %s', (width, height, status) => {
    expect(statusOf('aspect', { probe: { width, height } })).toBe(status);
  });

  test.each([
    [24, 1, 'pass'],
    [24_000, 1001, 'review'],
    [25, 1, 'review'],
    [30, 1, 'review'],
    [60, 1, 'fail'],
  ])('a rate of %i/%i is %s', (num, den, status) => {
    expect(statusOf('frame_rate', { probe: { frameRate: { num, den } } })).toBe(status);
  });

  test('varying intervals between frames go to a person', () => {
    expect(statusOf('frame_rate', { probe: { frameRate: null } })).toBe('review');
  });

  test('what was not asked for is not judged', () => {
    const nothing = { width: null, height: null, kind: null, frameRate: null, durationSeconds: null, audio: null };
    const verdict = judge({ asked: nothing, probe: { hasAudio: false, audioCodec: null, durationSeconds: 99 } });
    expect(verdict.status).toBe('pass');
    expect(verdict.measurements.map((measurement) => measurement.metric)).not.toContain('duration');
  });

  test('a picture in place of a clip fails', () => {
    const evidence = { probe: { ...clipProbe, kind: 'still' as const }, metrics: goodStill, expectation: asked };
    expect(evaluateMechanical(evidence, policy)).toMatchObject({
      status: 'fail',
      reason: 'A clip was asked for and a still picture came.',
    });
  });
});

describe('the pictures', () => {
  test('two black frames at 24 fps fail, and the finding names them', () => {
    const black = replaceRun(goodClip.black, { start: 48, count: 2 }, 0.98);
    const verdict = judge({ metrics: { black } });
    expect(verdict.status).toBe('fail');
    expect(verdict.findings[0]).toMatchObject({ code: 'black', startFrame: 48, endFrame: 49 });
  });

  test('almost black is not black', () => {
    expect(statusOf('black', { metrics: { black: replaceRun(goodClip.black, { start: 0, count: 9 }, 0.979) } })).toBe(
      'pass',
    );
  });

  test('one black frame at 60 fps, too short to be a run, goes to a person', () => {
    const change = {
      probe: { durationSeconds: 2, frameCount: 120 },
      metrics: { black: replaceRun(goodClip.black, { start: 3, count: 1 }, 1) },
    };
    expect(statusOf('black', change)).toBe('review');
  });

  test.each([
    [5, 'pass'],
    [6, 'review'],
    [11, 'review'],
    [12, 'fail'],
  ])('%i frames at 24 fps that do not move are %s', (count, status) => {
    expect(statusOf('frozen', { metrics: { change: replaceRun(goodClip.change, { start: 20, count }, 0.049) } })).toBe(
      status,
    );
  });

  test('slow movement is movement', () => {
    expect(statusOf('frozen', { metrics: { change: goodClip.change.map((_, at) => (at === 0 ? null : 0.05)) } })).toBe(
      'pass',
    );
  });

  test('a freeze that runs to the last frame is found with its end', () => {
    const change = replaceRun(goodClip.change, { start: 100, count: 20 }, 0);
    expect(judge({ metrics: { change } }).findings[0]).toMatchObject({ code: 'frozen', startFrame: 99, endFrame: 119 });
  });

  test.each([
    [60, 'pass'],
    [59.99, 'review'],
    [25, 'review'],
    [24.99, 'fail'],
  ])('a sharpness of %f is %s', (value, status) => {
    const variances = goodClip.sharpness.variances.map(() => value);
    expect(statusOf('sharpness', { metrics: { sharpness: { framesPerSecond: 2, variances } } })).toBe(status);
  });

  test('a sketch is soft by nature', () => {
    const sharpness = { framesPerSecond: 2, variances: [3, 3, 3] };
    expect(statusOf('sharpness', { metrics: { sharpness }, asked: { phase: 'previs' } })).toBe('skipped');
  });

  test('black frames say nothing about sharpness', () => {
    const black = goodClip.black.map((_, at) => (at < 60 ? 1 : 0));
    const variances = goodClip.sharpness.variances.map((_, at) => (at < 5 ? 0 : 80));
    const change = { metrics: { black, sharpness: { framesPerSecond: 2, variances } } };
    expect(judge(change).measurements.find(({ metric }) => metric === 'sharpness')).toMatchObject({
      value: 80,
      status: 'pass',
    });
    expect(statusOf('sharpness', { metrics: { black: black.map(() => 1) } })).toBe('unmeasurable');
  });

  test.each([
    [0.7, 'pass'],
    [0.75, 'review'],
    [2, 'review'],
    [2.01, 'fail'],
  ])('brightness that jumps by %f each frame is %s', (half, status) => {
    // alternating by h has a second difference of 2h; 1.5 and 4 are the limits
    const luma = goodClip.luma.map((value, at) => value + (at % 2 === 0 ? 0 : half));
    expect(statusOf('flicker', { metrics: { luma } })).toBe(status);
  });
});

describe('the sound, when asked for', () => {
  const levels = (silent: number) => ({
    windowSeconds: 0.1,
    rmsDb: Array.from({ length: 100 }, (_, at) => (at < silent ? (at % 2 === 0 ? null : -50.1) : -50)),
    peakDb: -6,
    flatFactor: 0,
  });

  test.each([
    [50, 'pass'],
    [51, 'review'],
    [95, 'review'],
    [96, 'fail'],
  ])('%i silent windows of 100 are %s', (silent, status) => {
    expect(statusOf('silence', { metrics: { audio: levels(silent) } })).toBe(status);
  });

  test('a missing track fails, an unmeasured one is left to a person', () => {
    expect(judge({ probe: { hasAudio: false, audioCodec: null } }).reason).toMatch(/Sound was asked for/);
    const verdict = judge({ metrics: { audio: null } });
    expect(verdict.status).toBe('deferred');
  });

  test('full scale alone is no clipping; full scale and flat is', () => {
    const audio = { ...levels(0), peakDb: 0 };
    expect(statusOf('clipping', { metrics: { audio: { ...audio, flatFactor: 5 } } })).toBe('pass');
    expect(statusOf('clipping', { metrics: { audio: { ...audio, flatFactor: 5.1 } } })).toBe('fail');
    expect(statusOf('clipping', { metrics: { audio: { ...audio, peakDb: -0.11, flatFactor: 9 } } })).toBe('pass');
  });
});

describe('stills', () => {
  const stillProbe = { ...clipProbe, kind: 'still' as const, hasAudio: false, audioCodec: null };
  const askedStill = {
    ...asked,
    phase: 'keyframe' as const,
    kind: 'still' as const,
    durationSeconds: null,
    frameRate: null,
    audio: null,
  };
  const judgeStill = (change: Partial<StillMetrics>) =>
    evaluateMechanical({ probe: stillProbe, metrics: { ...goodStill, ...change }, expectation: askedStill }, policy);

  test('black, blank, soft and damaged pictures fail with their own words', () => {
    expect(judgeStill({}).status).toBe('pass');
    expect(judgeStill({ black: 0.98 }).reason).toMatch(/black/);
    expect(judgeStill({ lumaDeviation: 1.9 }).reason).toMatch(/blank/);
    expect(judgeStill({ lumaDeviation: 2 }).status).toBe('pass');
    expect(judgeStill({ sharpness: 24 }).reason).toMatch(/soft/);
    const damaged = {
      decode: { ok: false, message: 'The picture is damaged: premature end.' },
      black: null,
      lumaDeviation: null,
    };
    expect(judgeStill(damaged)).toMatchObject({ status: 'fail', reason: 'The picture is damaged: premature end.' });
  });
});

describe('what cannot be measured', () => {
  test('is never a pass', () => {
    const verdict = evaluateMechanical({ probe: clipProbe, metrics: null, expectation: asked }, policy);
    expect(verdict.status).toBe('deferred');
  });

  test('a file that nothing decodes fails with the probe’s own sentence', () => {
    const probe = { ...clipProbe, playability: 'unreadable' as const, problem: 'This is a web page, not media.' };
    const verdict = evaluateMechanical({ probe, metrics: null, expectation: asked }, policy);
    expect(verdict).toMatchObject({ status: 'fail', reason: 'This is a web page, not media.' });
    expect(verdict.findings[0]?.severity).toBe('fatal');
  });

  test('damage comes first among the findings', () => {
    const verdict = judge({
      metrics: { decode: { ok: false, message: 'h264: bad' }, black: goodClip.black.map(() => 1) },
    });
    expect(verdict.reason).toBe('The film does not decode to its end: h264: bad');
  });
});

test('one fail fails, one doubt asks, nothing measured is nothing judged', () => {
  expect(combineStatuses(['pass', 'review', 'fail'])).toBe('fail');
  expect(combineStatuses(['pass', 'unmeasurable', 'review'])).toBe('review');
  expect(combineStatuses(['pass', 'unmeasurable', 'skipped'])).toBe('deferred');
  expect(combineStatuses(['pass', 'skipped'])).toBe('pass');
  expect(combineStatuses([])).toBe('skipped');
});

test('a figure on a limit is on its good side', () => {
  const limits = { pass: 1, review: 2 };
  expect([1, 1.01, 2, 2.01].map((value) => gradeBelow(value, limits))).toEqual(['pass', 'review', 'review', 'fail']);
});

test('the longest run is found wherever it lies', () => {
  const holds = (pattern: string) => longestRun(pattern.length, (frame) => pattern[frame] === 'x');
  expect(holds('.x..xxx.xx')).toEqual({ start: 4, end: 6 });
  expect(holds('xx...')).toEqual({ start: 0, end: 1 });
  expect(holds('...xx')).toEqual({ start: 3, end: 4 });
  expect(holds('....')).toBeNull();
});

describe('the gate', () => {
  test('answers in the shape that is stored, with its policy', async () => {
    const gate = createMechanicalGate({ measure: async () => goodClip }, policy);
    const result = await gate.measure({ path: '/takes/a.mp4', probe: clipProbe, expectation: asked }, signal);
    expect(gateResultSchema.parse(result)).toMatchObject({
      gate: 'gate_1',
      status: 'pass',
      policyVersion: 'qc-mechanical.v1',
    });
  });

  test('without ffmpeg it leaves the take to a person', async () => {
    const measure = async () => {
      throw new AppError({ code: 'media.ffmpeg-missing', message: 'ffmpeg is missing' });
    };
    const result = await createMechanicalGate({ measure }, policy).measure(
      { path: 'a', probe: clipProbe, expectation: asked },
      signal,
    );
    expect(result.status).toBe('deferred');
  });

  test('a full disk is an error, not a verdict', async () => {
    const measure = async () => {
      throw new AppError({ code: 'disk.full', message: 'full' });
    };
    const gate = createMechanicalGate({ measure }, policy);
    await expect(gate.measure({ path: 'a', probe: clipProbe, expectation: asked }, signal)).rejects.toMatchObject({
      code: 'disk.full',
    });
  });

  test('a policy with a wrong field is refused', () => {
    expect(mechanicalPolicySchema.safeParse({ ...policy, blur: 3 }).success).toBe(false);
    expect(mechanicalPolicySchema.safeParse({ ...policy, black: { pictureShare: 2, runSeconds: 0 } }).success).toBe(
      false,
    );
  });
});
