/**
 * How two panes are laid over each other. Both canvases fill the same box and share one view, so their pictures lie
 * pixel on pixel; the browser's compositor does the rest, and each canvas still says which frame it shows.
 */
import type { PictureRect } from './player-types.ts';

export type CompareMode =
  | { kind: 'side-by-side' }
  /** the first pane up to `position` (0 to 1 of the picture's box), the second after it */
  | { kind: 'wipe'; position: number; axis: 'vertical' | 'horizontal' }
  /** what differs, made brighter by `gain` */
  | { kind: 'difference'; gain: number }
  /** the second pane over the first */
  | { kind: 'overlay'; opacity: number }
  | { kind: 'flip'; shown: 'first' | 'second' };

export interface CompareStyles {
  box: Record<string, string>;
  first: Record<string, string>;
  second: Record<string, string>;
}

const stacked = { position: 'absolute', inset: '0' };

/** Styles of the box and of the two panes in it; `rect` is where the picture lies in the box, for the wipe. */
export function planCompareStyles(mode: CompareMode, rect: PictureRect | null): CompareStyles {
  // Blending must not reach what lies behind the box.
  const box = { position: 'relative', isolation: 'isolate' };
  switch (mode.kind) {
    case 'side-by-side':
      return { box: { display: 'grid', gridTemplateColumns: '1fr 1fr' }, first: {}, second: {} };
    case 'wipe':
      return { box, first: stacked, second: { ...stacked, clipPath: wipeClip(mode, rect) } };
    case 'difference':
      return {
        box: { ...box, background: 'black', filter: `brightness(${Math.max(1, mode.gain)})` },
        first: stacked,
        second: { ...stacked, mixBlendMode: 'difference' },
      };
    case 'overlay':
      return { box, first: stacked, second: { ...stacked, opacity: String(clampUnit(mode.opacity)) } };
    case 'flip':
      return {
        box,
        first: { ...stacked, visibility: mode.shown === 'first' ? 'visible' : 'hidden' },
        second: { ...stacked, visibility: mode.shown === 'second' ? 'visible' : 'hidden' },
      };
  }
}

/** The part of the second pane that shows: all of it after the handle, which moves over the picture, not the box. */
function wipeClip(mode: { position: number; axis: 'vertical' | 'horizontal' }, rect: PictureRect | null): string {
  const at = clampUnit(mode.position);
  if (mode.axis === 'vertical') {
    const left = rect ? `${rect.x + at * rect.width}px` : `${at * 100}%`;
    return `inset(0 0 0 ${left})`;
  }
  const top = rect ? `${rect.y + at * rect.height}px` : `${at * 100}%`;
  return `inset(${top} 0 0 0)`;
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
