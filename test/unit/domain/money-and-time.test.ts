import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backoffMs,
  defaultRetryPolicies,
  dispositionOf,
  failureCategories,
} from '../../../src-shared/domain/failure.ts';
import { formatUsd, parseUsd, usdNumber } from '../../../src-shared/domain/money.ts';
import {
  type FrameRate,
  formatTimecode,
  frameToSeconds,
  parseTimecode,
  secondsToFrame,
  supportsDropFrame,
} from '../../../src-shared/domain/timecode.ts';

describe('money', () => {
  it('is read exactly, to the millionth', () => {
    expect([parseUsd('12'), parseUsd('$12.50'), parseUsd('0.000001')]).toEqual([12_000_000, 12_500_000, 1]);
    for (const text of ['', '-1', '1.', '1,50', '1e3', '0.0000001', 'NaN', '12 usd']) expect(parseUsd(text)).toBeNull();
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999 }), fc.nat({ max: 999_999 }), (whole, micro) => {
        expect(parseUsd(`${whole}.${String(micro).padStart(6, '0')}`)).toBe(whole * 1_000_000 + micro);
      }),
    );
  });

  it('never shows something spent as nothing', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (amount) => /[1-9]/.test(formatUsd(amount))));
    expect([formatUsd(0), formatUsd(1), formatUsd(1_250_000), formatUsd(1_234_567_890_000)]).toEqual([
      ...['$0.00', '$0.000001', '$1.25', '$1,234,567.89'],
    ]);
  });

  it('is rounded to four places for exports', () => {
    expect([usdNumber(123_449), usdNumber(123_450), usdNumber(50)]).toEqual([0.1234, 0.1235, 0.0001]);
  });
});

const rates: FrameRate[] = [
  { num: 24, den: 1 },
  { num: 24_000, den: 1001 },
  { num: 25, den: 1 },
  { num: 30_000, den: 1001 },
  { num: 60_000, den: 1001 },
  { num: 120, den: 1 },
];
const rate = fc.constantFrom(...rates);
const frame = fc.nat({ max: 24 * 3600 * 24 - 1 });

describe('frames and timecode', () => {
  it('lead to and fro without losing a frame', () => {
    fc.assert(
      fc.property(frame, rate, (frames, at) => {
        expect(secondsToFrame(frameToSeconds(frames, at), at)).toBe(frames);
        expect(parseTimecode(formatTimecode(frames, at), at)).toBe(frames);
        if (!supportsDropFrame(at)) return;
        const label = formatTimecode(frames, at, 'drop');
        expect(label).toContain(';');
        expect(parseTimecode(label, at)).toBe(frames);
      }),
      { numRuns: 2000 },
    );
  });

  it('drop labels at each minute but the tenth', () => {
    const at = { num: 30_000, den: 1001 };
    expect([1799, 1800, 17_981, 17_982].map((frames) => formatTimecode(frames, at, 'drop'))).toEqual([
      ...['00:00:59;29', '00:01:00;02', '00:09:59;29', '00:10:00;00'],
    ]);
    expect(parseTimecode('00:01:00;00', at)).toBeNull();
    expect(parseTimecode('00:10:00;00', at)).toBe(17_982);
    expect(parseTimecode('00:00:00;00', { num: 24, den: 1 })).toBeNull();
  });

  it('refuse labels that are none', () => {
    for (const text of ['', '1:2:3', '00:60:00:00', '00:00:60:00', '00:00:00:24', 'x', '00:00:00.00']) {
      expect(parseTimecode(text, { num: 24, den: 1 })).toBeNull();
    }
  });
});

describe('waiting before another try', () => {
  it('doubles from five seconds to two minutes for faults of transport', () => {
    const waits = [0, 1, 2, 3, 4, 5, 9].map((prior) => backoffMs(defaultRetryPolicies.transient, prior) / 1000);
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120]);
  });

  it('is spread by a tenth at most and never negative', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.double({ min: -1, max: 1, noNaN: true }), (prior, jitter) => {
        const plain = backoffMs(defaultRetryPolicies.transient, prior);
        const spread = backoffMs(defaultRetryPolicies.transient, prior, jitter);
        expect(Math.abs(spread - plain)).toBeLessThanOrEqual(plain / 10 + 1);
        expect(spread).toBeLessThanOrEqual(120_000);
      }),
    );
  });

  it('is what the table of the sheet says, category by category', () => {
    const rows = Object.entries(defaultRetryPolicies).map(([category, row]) => [category, ...Object.values(row)]);
    expect(rows).toEqual([
      ['transient', 5, 5, 120, 2],
      ['gate_mechanical', 3, 0, 120, 2],
      ['gate_identity', 2, 0, 120, 2],
      ['gate_wardrobe', 2, 0, 120, 2],
      ['gate_video_drift', 0, 2, 120, 2],
      ['content_filter', 0, 2, 120, 2],
      ['permanent', 0, 2, 120, 2],
      ['budget', 0, 2, 120, 2],
    ]);
  });

  it('grows by the factor of its policy', () => {
    const policy = { ...defaultRetryPolicies.transient, backoffMultiplier: 3, maxBackoffSeconds: 100 };
    expect([0, 1, 2, 3].map((prior) => backoffMs(policy, prior) / 1000)).toEqual([5, 15, 45, 100]);
  });

  it('stays spread at its cap', () => {
    const waits = [-1, -0.5, 0, 0.5, 1].map((jitter) => backoffMs(defaultRetryPolicies.transient, 9, jitter) / 1000);
    expect(waits).toEqual([108, 114, 120, 114, 108]);
  });

  it('leads somewhere for every category', () => {
    expect(failureCategories.map((category) => `${category}: ${dispositionOf(category)}`)).toEqual([
      'transient: retry',
      'gate_mechanical: retry',
      'gate_identity: retry',
      'gate_wardrobe: retry',
      'gate_video_drift: review',
      'content_filter: review',
      'permanent: abandon',
      'budget: pauseBatch',
    ]);
  });
});
