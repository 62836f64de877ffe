import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapToPane, planSessionTimeline } from '../../../src-renderer/player/session-timeline.ts';
import { constantTimeline, extendTimeline, guessFrameRate, timelineOf } from '../../../src-renderer/player/timeline.ts';

const film = { num: 24, den: 1 };
const ntscFilm = { num: 24_000, den: 1001 };
const video = { num: 30_000, den: 1001 };

describe('a timeline', () => {
  it('finds every frame again at its own start, at any rate', () => {
    const rates = fc.constantFrom(film, ntscFilm, video, { num: 60_000, den: 1001 }, { num: 25, den: 1 });
    fc.assert(
      fc.property(rates, fc.nat(200_000), (rate, frame) => {
        const timeline = constantTimeline(rate, 200_001);
        expect(timeline.frameAt(timeline.startOf(frame))).toBe(frame);
        expect(timeline.frameAt(timeline.startOf(frame + 1) - 1e-5)).toBe(Math.min(frame, 200_000));
      }),
    );
  });

  it('is constant when the frame times agree with the rate, whatever the container rounded them to', () => {
    const starts = Float64Array.from({ length: 48 }, (_, n) => Math.round((n * 1001 * 1000) / 24_000) / 1000);
    expect(timelineOf(starts, 2.002, ntscFilm).isConstant).toBe(true);
  });

  it('follows the frame times of a clip whose rate varies', () => {
    const timeline = timelineOf(Float64Array.from([0, 0.04, 0.5, 0.54]), 0.58, { num: 25, den: 1 });
    expect(timeline.isConstant).toBe(false);
    expect(timeline.frameAt(0.3)).toBe(1);
    expect(timeline.frameAt(0.5)).toBe(2);
    expect(timeline.frameAt(99)).toBe(3);
    expect(timeline.frameAt(-1)).toBe(0);
  });

  it('goes on at its rate until a longer medium ends', () => {
    expect(extendTimeline(constantTimeline(film, 48), 3).frameCount).toBe(72);
    expect(extendTimeline(constantTimeline(film, 48), 2.0001).frameCount).toBe(48);
    const varied = extendTimeline(timelineOf(Float64Array.from([0, 0.5]), 1, film), 2);
    expect(varied.frameCount).toBe(26);
    expect(varied.frameAt(1)).toBe(2);
    expect(varied.startOf(25)).toBeCloseTo(1 + 23 / 24);
    expect(varied.frameAt(varied.startOf(25))).toBe(25);
  });

  it('guesses the usual rates from frame times rounded to milliseconds, else takes the average', () => {
    const rounded = (rate: { num: number; den: number }, frames: number) =>
      Float64Array.from({ length: frames }, (_, n) => Math.round((n * 1000 * rate.den) / rate.num) / 1000);
    expect(guessFrameRate(rounded(ntscFilm, 240), 10.01)).toEqual(ntscFilm);
    expect(guessFrameRate(rounded(film, 240), 10)).toEqual(film);
    expect(guessFrameRate(rounded({ num: 30, den: 1 }, 8), 0.2663)).toEqual({ num: 30, den: 1 });
    expect(guessFrameRate(Float64Array.from([0, 0.1, 0.9]), 1)).toEqual({ num: 3000, den: 1000 });
    expect(guessFrameRate(Float64Array.from([0]), 0)).toEqual({ num: 24_000, den: 1000 });
  });
});

describe('the timeline panes share', () => {
  const source = (kind: 'clip' | 'still') => ({
    takeId: 'take',
    kind,
    url: '/a',
    proxyUrl: null,
    posterUrl: null,
    frameRate: video,
    frameCount: 90,
    width: null,
    height: null,
    rotation: 0 as const,
    playability: 'native' as const,
    label: '',
  });

  it('has the rate of the first clip and the length of the longest', () => {
    const timeline = planSessionTimeline([
      { source: source('still'), timeline: constantTimeline(film, 1) },
      { source: source('clip'), timeline: constantTimeline(film, 48) },
      { source: source('clip'), timeline: constantTimeline(video, 120) },
    ]);
    expect(timeline.frameRate).toEqual(film);
    expect(timeline.frameCount).toBe(97);
  });

  it('is what the sources claim until one is open', () => {
    const timeline = planSessionTimeline([{ source: source('clip'), timeline: null }]);
    expect([timeline.frameRate, timeline.frameCount]).toEqual([video, 90]);
  });

  it('holds the last frame of shorter media and says that it has ended', () => {
    const session = constantTimeline(film, 72);
    const pane = constantTimeline(film, 48);
    expect(mapToPane(session, pane, 47)).toEqual({ frame: 47, ended: false });
    expect(mapToPane(session, pane, 48)).toEqual({ frame: 47, ended: true });
  });

  it('shows the frame of the same moment in a pane with another rate', () => {
    const session = constantTimeline(film, 48);
    const pane = constantTimeline({ num: 48, den: 1 }, 96);
    expect(mapToPane(session, pane, 10)).toEqual({ frame: 20, ended: false });
  });
});
