import type { FrameRate } from '../../src-shared/domain/timecode.ts';
import { frameToSeconds, secondsToFrame } from '../../src-shared/domain/timecode.ts';

/** When each frame of a clip starts, counted from its first frame. `frameAt(startOf(n))` is n for every n. */
export interface Timeline {
  readonly frameRate: FrameRate;
  readonly frameCount: number;
  readonly durationSeconds: number;
  /** every frame lasts equally long */
  readonly isConstant: boolean;
  startOf(frame: number): number;
  /** the frame on screen at a time; the last one is held after the end, the first before the start */
  frameAt(seconds: number): number;
}

/** A timeline on which every frame lasts equally long. */
export function constantTimeline(frameRate: FrameRate, frameCount: number): Timeline {
  return {
    frameRate,
    frameCount,
    durationSeconds: frameToSeconds(frameCount, frameRate),
    isConstant: true,
    startOf: (frame) => frameToSeconds(frame, frameRate),
    frameAt: (seconds) => clampFrame(secondsToFrame(seconds, frameRate), frameCount),
  };
}

/** A timeline read from a clip's own frame times; constant when they agree with the rate to half a frame. */
export function timelineOf(startSeconds: Float64Array, durationSeconds: number, frameRate: FrameRate): Timeline {
  const frameCount = startSeconds.length;
  if (startSeconds.every((start, frame) => Math.abs(start - frameToSeconds(frame, frameRate)) < tolerance(frameRate))) {
    return constantTimeline(frameRate, frameCount);
  }
  return {
    frameRate,
    frameCount,
    durationSeconds,
    isConstant: false,
    startOf: (frame) => startSeconds[frame] ?? (frame < 0 ? 0 : durationSeconds),
    frameAt: (seconds) => clampFrame(lastStartAtOrBefore(startSeconds, seconds + 5e-7), frameCount),
  };
}

/** The same timeline, going on at its rate until a longer medium beside it ends. */
export function extendTimeline(timeline: Timeline, durationSeconds: number): Timeline {
  const rate = timeline.frameRate.num / timeline.frameRate.den;
  const extra = Math.ceil((durationSeconds - timeline.durationSeconds) * rate - 0.01);
  if (extra <= 0) return timeline;
  if (timeline.isConstant) return constantTimeline(timeline.frameRate, timeline.frameCount + extra);
  const { frameRate, durationSeconds: own } = timeline;
  return {
    frameRate,
    frameCount: timeline.frameCount + extra,
    durationSeconds: own + frameToSeconds(extra, frameRate),
    isConstant: false,
    startOf: (frame) =>
      frame < timeline.frameCount
        ? timeline.startOf(frame)
        : own + frameToSeconds(frame - timeline.frameCount, frameRate),
    frameAt: (seconds) =>
      seconds + 5e-7 < own
        ? timeline.frameAt(seconds)
        : timeline.frameCount + clampFrame(secondsToFrame(seconds - own, frameRate), extra),
  };
}

/**
 * The rate of a clip whose container states none: the usual rate its frame times keep to, as containers round them to
 * milliseconds; else the average, to a thousandth.
 */
export function guessFrameRate(startSeconds: Float64Array, durationSeconds: number): FrameRate {
  const fits = usualRates
    .map((rate) => ({ rate, error: largestError(startSeconds, rate) }))
    .filter(({ error }) => error < 0.0011)
    .sort((a, b) => a.error - b.error);
  const best = fits[0];
  if (best && startSeconds.length > 1) return best.rate;
  const average = durationSeconds > 0 ? startSeconds.length / durationSeconds : 24;
  return { num: Math.max(1, Math.round(average * 1000)), den: 1000 };
}

const usualRates: readonly FrameRate[] = [24, 25, 30, 48, 50, 60, 12, 15, 16, 10]
  .map((num) => ({ num, den: 1 }))
  .concat([24, 30, 48, 60].map((nominal) => ({ num: nominal * 1000, den: 1001 })));

function largestError(startSeconds: Float64Array, rate: FrameRate): number {
  return startSeconds.reduce((most, start, frame) => Math.max(most, Math.abs(start - frameToSeconds(frame, rate))), 0);
}

function tolerance(frameRate: FrameRate): number {
  return frameRate.den / frameRate.num / 2;
}

function clampFrame(frame: number, frameCount: number): number {
  return Math.max(0, Math.min(frame, frameCount - 1));
}

function lastStartAtOrBefore(startSeconds: Float64Array, seconds: number): number {
  let low = 0;
  let high = startSeconds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((startSeconds[middle] ?? 0) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}
