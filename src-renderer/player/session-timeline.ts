import type { FrameRate } from '../../src-shared/domain/timecode.ts';
import type { PaneSource } from './player-types.ts';
import type { Timeline } from './timeline.ts';
import { constantTimeline, extendTimeline } from './timeline.ts';

export interface TimelinePart {
  source: PaneSource | null;
  timeline: Timeline | null;
}

const fallbackRate: FrameRate = { num: 24, den: 1 };

/** The timeline all panes share: the first clip's, as long as the longest. Before anything is open, what the sources claim. */
export function planSessionTimeline(parts: readonly TimelinePart[]): Timeline {
  const clips = parts.flatMap((part) => (part.timeline && part.source?.kind === 'clip' ? [part.timeline] : []));
  const reference = clips[0];
  if (!reference) return claimedTimeline(parts);
  return extendTimeline(reference, Math.max(...clips.map((clip) => clip.durationSeconds)));
}

/** True when two timelines number and time their frames alike, as an original's and its proxy's do. */
export function isSameTimeline(a: Timeline, b: Timeline): boolean {
  if (a === b) return true;
  const sameRate = a.frameRate.num === b.frameRate.num && a.frameRate.den === b.frameRate.den;
  return sameRate && a.frameCount === b.frameCount && a.isConstant && b.isConstant;
}

/** Which frame of a pane belongs to a session frame, and whether the pane's own material has ended before it. */
export function mapToPane(session: Timeline, pane: Timeline, frame: number): { frame: number; ended: boolean } {
  const sameRate = session.frameRate.num * pane.frameRate.den === pane.frameRate.num * session.frameRate.den;
  if (sameRate && pane.isConstant && session.isConstant) {
    return { frame: Math.min(frame, pane.frameCount - 1), ended: frame >= pane.frameCount };
  }
  const seconds = session.startOf(frame);
  return { frame: pane.frameAt(seconds), ended: seconds >= pane.durationSeconds - 1e-6 };
}

function claimedTimeline(parts: readonly TimelinePart[]): Timeline {
  const claims = parts.flatMap((part) => (part.source?.kind === 'clip' ? [part.source] : []));
  const rate = claims.find((source) => source.frameRate !== null)?.frameRate ?? fallbackRate;
  return constantTimeline(rate, Math.max(1, ...claims.map((source) => source.frameCount ?? 1)));
}
