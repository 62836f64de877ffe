import type { Playability } from '../../src-shared/domain/media.ts';
import type { FrameRate } from '../../src-shared/domain/timecode.ts';

/** What a pane shows. Urls are same-origin and answer byte ranges. Unknown numbers are null, never 0. */
export interface PaneSource {
  takeId: string;
  kind: 'clip' | 'still';
  url: string;
  /** all-intra H.264 copy with the original's frames one for one */
  proxyUrl: string | null;
  posterUrl: string | null;
  frameRate: FrameRate | null;
  frameCount: number | null;
  width: number | null;
  height: number | null;
  rotation: 0 | 90 | 180 | 270;
  playability: Playability;
  /** printed on the picture: take id and role */
  label: string;
}

/** Which file the picture on a canvas came from. */
export type PictureOrigin = 'original' | 'proxy' | 'video' | 'still';

export type PaneState =
  | { kind: 'empty' }
  | { kind: 'opening' }
  | { kind: 'ready' }
  /** the frame the clock stands on is being decoded; the canvas still shows `paintedFrame` */
  | { kind: 'waiting'; frame: number }
  | { kind: 'proxy-needed' }
  /** `frame` is set when only that frame is damaged, null when the whole file is */
  | { kind: 'unreadable'; reason: string; frame: number | null };

export interface FrameRange {
  first: number;
  last: number;
}

/** A rectangle in CSS pixels of its canvas. */
export interface PictureRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PaneSnapshot {
  readonly takeId: string | null;
  readonly label: string;
  readonly posterUrl: string | null;
  readonly state: PaneState;
  /** the frame that is on the canvas now; null before the first paint */
  readonly paintedFrame: number | null;
  readonly paintedOrigin: PictureOrigin | null;
  readonly frameRate: FrameRate | null;
  readonly frameCount: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** the playhead is past this pane's last frame, which it holds */
  readonly ended: boolean;
  /** true when the pane can only show its proxy */
  readonly proxyOnly: boolean;
  readonly hasAudio: boolean;
  /** why a track that exists is not heard; null when it is, or when there is none */
  readonly audioProblem: string | null;
  /** decoded frames of the original (or still), and of the proxy */
  readonly cachedRanges: readonly FrameRange[];
  readonly proxyCachedRanges: readonly FrameRange[];
  /** where the whole picture lies on the canvas, for overlays; null while nothing is known */
  readonly pictureRect: PictureRect | null;
}

export type LoopMode = 'once' | 'loop' | 'ping-pong';
export type Direction = 1 | -1;

/** Shared by all panes. `zoom` is relative to fit; the centre is a point of the picture, 0 to 1 each way. */
export interface ViewTransform {
  readonly mode: 'fit' | 'actual' | 'free';
  readonly zoom: number;
  readonly centerX: number;
  readonly centerY: number;
}

export interface PlayerSnapshot {
  /** where the clock stands, counted at `frameRate`; a pane that has not painted it yet is `waiting` */
  readonly frame: number;
  readonly frameCount: number;
  readonly frameRate: FrameRate;
  readonly playing: boolean;
  /** playing, but the clock is held until every pane has its frame */
  readonly buffering: boolean;
  readonly scrubbing: boolean;
  readonly direction: Direction;
  readonly speed: number;
  readonly inPoint: number | null;
  readonly outPoint: number | null;
  readonly loop: LoopMode;
  readonly view: ViewTransform;
  readonly audioPane: number | null;
  /** frames that were due and never painted, since play was pressed */
  readonly droppedFrames: number;
  /** frames painted after their animation tick because a pane did not have them yet */
  readonly lateFrames: number;
  readonly paintedFrames: number;
  readonly panes: readonly PaneSnapshot[];
}

/** One frame as the canvas can draw it. */
export type Picture = VideoFrame | ImageBitmap;
