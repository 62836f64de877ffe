/** From a place on the timeline to a frame and back. Each frame is a cell; places are shares of the width. Pure. */
import type { Finding, GateResult } from '../../../src-shared/domain/verdict.ts';

export function frameAtShare(share: number, frameCount: number): number {
  return Math.max(0, Math.min(Math.floor(share * frameCount), frameCount - 1));
}

/** Middle of a frame's cell. */
export function shareOfFrame(frame: number, frameCount: number): number {
  return frameCount <= 0 ? 0 : (frame + 0.5) / frameCount;
}

/** Left edge and width of a run of cells. */
export function spanOfFrames(first: number, last: number, frameCount: number): { left: string; width: string } {
  const percent = (share: number) => `${Math.round(share * 1e6) / 1e4}%`;
  if (frameCount <= 0) return { left: '0%', width: '0%' };
  return { left: percent(first / frameCount), width: percent((Math.max(first, last) + 1 - first) / frameCount) };
}

export interface PlacedFinding {
  key: string;
  finding: Finding;
  first: number;
  last: number;
}

/** Findings that say at which frames; the others are told in the Gates tab alone. */
export function placeFindings(gates: readonly GateResult[]): PlacedFinding[] {
  return gates.flatMap((gate) =>
    gate.findings.flatMap((finding, index) =>
      finding.startFrame === null
        ? []
        : [
            {
              key: `${gate.gate}/${index}`,
              finding,
              first: finding.startFrame,
              last: finding.endFrame ?? finding.startFrame,
            },
          ],
    ),
  );
}

const leastTickPx = 6;
const leastLabelPx = 56;

/** Frames that get a mark, and those whose number is written: steps that divide or multiply the seconds of the rate. */
export function tickFrames(
  count: number,
  perSecond: number,
  width: number,
): { frames: readonly number[]; labelled: ReadonlySet<number> } {
  if (count <= 1 || width <= 0) return { frames: [], labelled: new Set() };
  const pxPerFrame = width / count;
  const steps = [
    1,
    perSecond / 4,
    perSecond / 2,
    perSecond,
    perSecond * 5,
    perSecond * 10,
    perSecond * 60,
    perSecond * 300,
    perSecond * 600,
    perSecond * 1800,
  ];
  const whole = steps.filter((step) => Number.isInteger(step));
  const stepFor = (px: number) => whole.find((step) => step * pxPerFrame >= px) ?? perSecond * 7200;
  const step = stepFor(leastTickPx);
  const labelStep = stepFor(leastLabelPx);
  const frames = Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
  return { frames, labelled: new Set(frames.filter((frame) => frame % labelStep === 0)) };
}
