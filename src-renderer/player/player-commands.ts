import type { Direction, LoopMode, PictureRect, ViewTransform } from './player-types.ts';
import { clampSpeed, pressShuttle } from './shuttle.ts';
import { fitView, panBy, zoomAt } from './view-transform.ts';

/** What the transport and the keyboard can ask of a session. Every function is bound and may be passed on. */
export interface PlayerCommands {
  play(): void;
  playReverse(): void;
  pause(): void;
  toggle(): void;
  /** pauses, then moves by some frames */
  step(frames: number): void;
  seek(frame: number): void;
  goToStart(): void;
  goToEnd(): void;
  /** J is -1, K is 0, L is 1 */
  shuttle(direction: -1 | 0 | 1): void;
  setIn(frame?: number): void;
  setOut(frame?: number): void;
  clearIn(): void;
  clearOut(): void;
  clearInOut(): void;
  setLoop(mode: LoopMode): void;
  setSpeed(speed: number): void;
  scrubStart(): void;
  scrubMove(frame: number): void;
  scrubEnd(): void;
  /** null mutes */
  setAudioPane(paneIndex: number | null): void;
  setView(view: ViewTransform): void;
  fit(): void;
  actualSize(): void;
  /** zooms by a factor around a point of a pane's canvas, in CSS pixels */
  zoomAt(paneIndex: number, factor: number, point: { x: number; y: number }): void;
  /** moves the picture by CSS pixels */
  pan(paneIndex: number, dx: number, dy: number): void;
}

/** What commands act on: the session, seen from its commands. */
export interface CommandTarget {
  readonly frame: number;
  readonly frameCount: number;
  readonly playing: boolean;
  readonly direction: Direction;
  readonly speed: number;
  readonly view: ViewTransform;
  readonly range: { inPoint: number | null; outPoint: number | null };
  play(direction?: Direction): void;
  pause(): void;
  seek(frame: number): void;
  scrubStart(): void;
  scrubEnd(): void;
  setSpeed(speed: number): void;
  setLoop(mode: LoopMode): void;
  setRange(inPoint: number | null, outPoint: number | null): void;
  setAudioPane(paneIndex: number | null): void;
  setView(view: ViewTransform): void;
  paneLayout(paneIndex: number): { rect: PictureRect; zoom: number } | null;
}

/** The commands of a session. */
export function createCommands(session: CommandTarget): PlayerCommands {
  return { ...transportCommands(session), ...rangeCommands(session), ...viewCommands(session) };
}

function transportCommands(session: CommandTarget) {
  const seek = (frame: number) => session.seek(frame);
  return {
    play: () => session.play(1),
    playReverse: () => session.play(-1),
    pause: () => session.pause(),
    toggle: () => (session.playing ? session.pause() : session.play(session.direction)),
    step: (frames: number) => {
      session.pause();
      seek(session.frame + frames);
    },
    seek,
    goToStart: () => seek(0),
    goToEnd: () => seek(session.frameCount - 1),
    shuttle: (direction: -1 | 0 | 1) => {
      const { playing, speed } = session;
      const next = pressShuttle({ playing, direction: session.direction, speed }, direction);
      session.setSpeed(next.speed);
      if (!next.playing) session.pause();
      else if (!playing || next.direction !== session.direction) session.play(next.direction);
    },
    setSpeed: (speed: number) => session.setSpeed(clampSpeed(speed)),
    scrubStart: () => session.scrubStart(),
    scrubMove: seek,
    scrubEnd: () => session.scrubEnd(),
    setAudioPane: (paneIndex: number | null) => session.setAudioPane(paneIndex),
  };
}

function rangeCommands(session: CommandTarget) {
  return {
    setIn: (frame: number = session.frame) => {
      const { outPoint } = session.range;
      session.setRange(frame, outPoint !== null && outPoint < frame ? null : outPoint);
    },
    setOut: (frame: number = session.frame) => {
      const { inPoint } = session.range;
      session.setRange(inPoint !== null && inPoint > frame ? null : inPoint, frame);
    },
    clearIn: () => session.setRange(null, session.range.outPoint),
    clearOut: () => session.setRange(session.range.inPoint, null),
    clearInOut: () => session.setRange(null, null),
    setLoop: (mode: LoopMode) => session.setLoop(mode),
  };
}

function viewCommands(session: CommandTarget) {
  return {
    setView: (view: ViewTransform) => session.setView(view),
    fit: () => session.setView(fitView),
    actualSize: () => session.setView({ ...session.view, mode: 'actual' }),
    zoomAt: (paneIndex: number, factor: number, point: { x: number; y: number }) => {
      const layout = session.paneLayout(paneIndex);
      if (layout) session.setView(zoomAt(session.view, factor, { ...layout, ...point }));
    },
    pan: (paneIndex: number, dx: number, dy: number) => {
      const layout = session.paneLayout(paneIndex);
      if (layout) session.setView(panBy(session.view, { ...layout, dx, dy }));
    },
  };
}
