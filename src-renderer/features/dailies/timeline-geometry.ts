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
