import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  frameAtShare,
  placeFindings,
  shareOfFrame,
  spanOfFrames,
  tickFrames,
} from '../../../../src-renderer/features/dailies/timeline-geometry.ts';
import type { GateResult } from '../../../../src-shared/domain/verdict.ts';

const frameCounts = fc.integer({ min: 1, max: 100_000 });

describe('the timeline', () => {
  test('leads back to a frame from the middle of its cell', () => {
    fc.assert(
      fc.property(frameCounts, fc.nat(), (count, number) => {
        const frame = number % count;
        expect(frameAtShare(shareOfFrame(frame, count), count)).toBe(frame);
      }),
    );
  });

  test('never leads past the first or last frame', () => {
    expect(frameAtShare(-0.5, 96)).toBe(0);
    expect(frameAtShare(1, 96)).toBe(95);
    expect(frameAtShare(0, 0)).toBe(0);
  });

  test('shows a range from the left edge of its first cell to the right edge of its last', () => {
    expect(spanOfFrames(24, 47, 96)).toEqual({ left: '25%', width: '25%' });
    expect(spanOfFrames(95, 90, 96).width).not.toBe('0%');
  });

  test('leaves out findings that name no frame', () => {
    const finding = { code: 'x', severity: 'minor' as const, message: 'm', endFrame: null };
    const gate: GateResult = {
      gate: 'gate_3',
      status: 'review',
      reason: '',
      measurements: [],
      findings: [
        { ...finding, startFrame: null },
        { ...finding, startFrame: 12 },
      ],
      costMicroUsd: 0,
      durationMs: 1,
      policyVersion: '1',
    };
    expect(placeFindings([gate]).map(({ first, last }) => [first, last])).toEqual([[12, 12]]);
  });

  test('has marks that stand apart and labels that do not touch', () => {
    fc.assert(
      fc.property(
        frameCounts,
        fc.constantFrom(24, 25, 30, 60),
        fc.integer({ min: 300, max: 3000 }),
        (count, rate, width) => {
          const { frames, labelled } = tickFrames(count, rate, width);
          const px = (frame: number) => (frame / count) * width;
          const gaps = (marks: readonly number[]) =>
            marks.slice(1).map((frame, index) => px(frame) - px(marks[index] ?? 0));
          expect(Math.min(Infinity, ...gaps(frames))).toBeGreaterThan(5.9);
          expect(Math.min(Infinity, ...gaps([...labelled]))).toBeGreaterThan(55.8);
        },
      ),
      { numRuns: 60 },
    );
  });
});
