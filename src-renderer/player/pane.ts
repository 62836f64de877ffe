/**
 * One picture surface: a source, its readers (original and proxy), and the canvas they are painted on. Owns the
 * readers and their memory. `paintedFrame` changes only after that frame is on the canvas.
 */
import type { FrameReader } from './frame-reader.ts';
import type { MediaFile } from './media-file.ts';
import { openOriginal, openProxy } from './open-readers.ts';
import { PaneSurface } from './pane-surface.ts';
import type { Direction, FrameRange, PaneSnapshot, PaneSource, PaneState } from './player-types.ts';
import type { Timeline } from './timeline.ts';
import { planWantedFrames } from './wanted-frames.ts';

export type Motion = 'rest' | 'scrub' | 'play';

/** What the clock asks of a pane, in the pane's own frames. */
export interface PaneWish {
  frame: number;
  motion: Motion;
  direction: Direction;
  first: number;
  last: number;
  wraps: boolean;
  /** the clock is past the last frame, which is held */
  ended: boolean;
}

export interface PaneEvents {
  /** the source has been opened, or its timeline has changed */
  onOpened(): void;
  /** a frame that was asked for can be painted */
  onPicture(): void;
  /** the cache holds other frames now */
  onChange(): void;
  onState(): void;
}

/** How long the playhead rests before the full-size frame replaces the proxy's. */
const restMs = 80;
const proxyShare = 0.35;

export class Pane {
  readonly surface = new PaneSurface();
  #events: PaneEvents;
  #source: PaneSource | null = null;
  #opening: AbortController | null = null;
  #original: FrameReader | null = null;
  #proxy: FrameReader | null = null;
  #file: MediaFile | null = null;
  #state: PaneState = { kind: 'empty' };
  #wish: PaneWish | null = null;
  #budgetBytes = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #prefersProxy = false;
  #originalRanges = new RangesMemo();
  #proxyRanges = new RangesMemo();

  constructor(events: PaneEvents) {
    this.#events = events;
  }

  get source(): PaneSource | null {
    return this.#source;
  }

  get state(): PaneState {
    return this.#state;
  }

  /** the original as an open file, for its audio */
  get file(): MediaFile | null {
    return this.#file;
  }

  get timeline(): Timeline | null {
    return this.#main?.timeline ?? null;
  }

  get size(): { width: number; height: number } | null {
    const reader = this.#main;
    return reader ? { width: reader.width, height: reader.height } : null;
  }

  set budgetBytes(bytes: number) {
    this.#budgetBytes = bytes;
    this.#shareBudget();
  }

  /** While playing, show the proxy even where the original is cached: one sharpness throughout. */
  set prefersProxy(prefers: boolean) {
    this.#prefersProxy = prefers && this.#proxy !== null;
  }

  get prefersProxy(): boolean {
    return this.#prefersProxy;
  }

  get hasProxy(): boolean {
    return this.#proxy !== null;
  }

  get #main(): FrameReader | null {
    return this.#original ?? this.#proxy;
  }

  /** Shows another file, or nothing; what was open is closed. */
  setSource(source: PaneSource | null): void {
    this.#close();
    this.#source = source;
    this.surface.clear();
    if (!source) {
      this.#setState({ kind: 'empty' });
      return;
    }
    if (source.playability === 'unreadable') {
      this.#setState({ kind: 'unreadable', reason: 'Nothing here can decode this file.', frame: null });
      return;
    }
    if (source.kind === 'clip' && source.playability === 'proxy-needed' && source.proxyUrl === null) {
      this.#setState({ kind: 'proxy-needed' });
      return;
    }
    this.#setState({ kind: 'opening' });
    this.#opening = new AbortController();
    void this.#open(source, this.#opening.signal);
  }

  /** Takes a proxy that has been made meanwhile without disturbing what is shown. */
  addProxy(source: PaneSource): void {
    if (this.#main === null || this.#source === null) {
      this.setSource(source);
      return;
    }
    this.#source = source;
    if (this.#proxy === null && this.#opening) void this.#openProxyInto(source, this.#opening.signal);
  }

  request(wish: PaneWish): void {
    this.#wish = wish;
    const main = this.#main;
    if (!main) return;
    clearTimeout(this.#restTimer);
    const playsProxy = wish.motion === 'play' && this.#prefersProxy;
    const hasSharp = this.#original?.picture(wish.frame) != null;
    if (this.#proxy && (playsProxy || (wish.motion !== 'play' && !hasSharp))) {
      this.#original?.want([], wish.motion);
      this.#wantWindow(this.#proxy, wish);
      if (wish.motion === 'rest') this.#restTimer = setTimeout(() => this.#sharpen(wish), restMs);
      return;
    }
    if (this.#original) this.#wantWindow(this.#original, wish);
    if (wish.motion !== 'rest') this.#proxy?.want([], wish.motion);
    else if (this.#proxy) this.#wantWindow(this.#proxy, wish);
  }

  canPaint(frame: number): boolean {
    return this.#pick(frame) !== null;
  }

  /** True when this pane cannot hold up the others: it has nothing to show, or the frame is damaged. */
  get isIdle(): boolean {
    if (this.#main === null || this.surface.canvas === null) return true;
    const frame = this.#wish?.frame;
    return frame !== undefined && this.#isBroken(frame);
  }

  /** Paints a frame if it is decoded; says whether the canvas now shows it. */
  paint(frame: number): boolean {
    const reader = this.#pick(frame);
    const picture = reader?.picture(frame);
    if (!reader || !picture) {
      this.#updateState();
      return false;
    }
    const painted = this.surface.paint({ picture, frame, origin: reader.origin, rotation: reader.rotation });
    if (painted) this.#pin(reader, frame);
    this.#updateState();
    return painted;
  }

  /** Draws the same frame again, after a change of size or view. */
  repaint(): void {
    const frame = this.surface.paintedFrame;
    if (frame !== null) this.paint(frame);
  }

  snapshot(): PaneSnapshot {
    const main = this.#main;
    return {
      takeId: this.#source?.takeId ?? null,
      label: this.#source?.label ?? '',
      posterUrl: this.#source?.posterUrl ?? null,
      state: this.#state,
      paintedFrame: this.surface.paintedFrame,
      paintedOrigin: this.surface.paintedOrigin,
      frameRate: main?.timeline.frameRate ?? this.#source?.frameRate ?? null,
      frameCount: main?.timeline.frameCount ?? this.#source?.frameCount ?? null,
      width: main?.width ?? null,
      height: main?.height ?? null,
      ended: this.#wish?.ended ?? false,
      proxyOnly: this.#original === null && this.#proxy !== null,
      hasAudio: false,
      audioProblem: null,
      cachedRanges: this.#originalRanges.read(this.#original),
      proxyCachedRanges: this.#proxyRanges.read(this.#proxy),
      pictureRect: this.surface.pictureRect,
    };
  }

  dispose(): void {
    this.#close();
    this.surface.dispose();
  }

  async #open(source: PaneSource, signal: AbortSignal): Promise<void> {
    const proxy = this.#openProxyInto(source, signal);
    try {
      const opened = await openOriginal(source, this.#readerEvents('original', signal), signal);
      if (signal.aborted) {
        opened?.reader.dispose();
        return;
      }
      if (opened) {
        this.#original = opened.reader;
        this.#file = opened.file;
        this.#dropForeignProxy();
        this.#onReaderOpened();
        return;
      }
      await proxy;
      if (!signal.aborted && this.#proxy === null) this.#setState({ kind: 'proxy-needed' });
    } catch (error) {
      await proxy;
      if (signal.aborted || this.#proxy) return;
      this.#setState({ kind: 'unreadable', reason: reasonOf(error), frame: null });
    }
  }

  async #openProxyInto(source: PaneSource, signal: AbortSignal): Promise<void> {
    const reader = await openProxy(source, this.#readerEvents('proxy', signal), signal);
    if (!reader) return;
    if (signal.aborted) {
      reader.dispose();
      return;
    }
    this.#proxy = reader;
    this.#dropForeignProxy();
    if (this.#proxy) this.#onReaderOpened();
  }

  /** A proxy whose frames are not the original's one for one would paint wrong numbers. */
  #dropForeignProxy(): void {
    if (!this.#original || !this.#proxy) return;
    if (this.#original.timeline.frameCount === this.#proxy.timeline.frameCount) return;
    this.#proxy.dispose();
    this.#proxy = null;
    this.#prefersProxy = false;
  }

  #onReaderOpened(): void {
    this.#shareBudget();
    const size = this.size;
    if (size) this.surface.pictureSize = size;
    this.#updateState();
    this.#events.onOpened();
  }

  #readerEvents(role: 'original' | 'proxy', signal: AbortSignal) {
    return {
      onPicture: (frame: number) => {
        if (!signal.aborted) this.#onPicture(role, frame);
      },
      onBroken: (frame: number) => {
        if (signal.aborted || frame !== this.#wish?.frame) return;
        this.#updateState();
        this.#events.onPicture();
      },
    };
  }

  #onPicture(role: 'original' | 'proxy', frame: number): void {
    const wish = this.#wish;
    if (wish?.frame === frame) {
      const isSharper = role === 'original' && this.surface.paintedOrigin === 'proxy';
      if (this.surface.paintedFrame !== frame || isSharper) this.#events.onPicture();
      if (role === 'original' && wish.motion === 'rest') this.request(wish);
    }
    this.#events.onChange();
  }

  #sharpen(wish: PaneWish): void {
    if (this.#wish !== wish || !this.#original) return;
    this.#original.want([wish.frame], 'rest');
  }

  #wantWindow(reader: FrameReader, wish: PaneWish): void {
    const capacity = Math.floor(reader.budgetBytes / Math.max(1, reader.frameBytes)) - 1;
    reader.want(
      planWantedFrames({
        playhead: wish.frame,
        frameCount: reader.timeline.frameCount,
        capacity,
        motion: wish.motion,
        direction: wish.direction,
        first: wish.first,
        last: wish.last,
        wraps: wish.wraps,
      }),
      wish.motion,
    );
  }

  #pick(frame: number): FrameReader | null {
    const usesProxy = this.#wish?.motion === 'play' && this.#prefersProxy;
    const order = usesProxy ? [this.#proxy, this.#original] : [this.#original, this.#proxy];
    return order.find((reader) => reader?.picture(frame) != null) ?? null;
  }

  #pin(painted: FrameReader, frame: number): void {
    for (const reader of [this.#original, this.#proxy]) reader?.pin(reader === painted ? frame : null);
  }

  #isBroken(frame: number): boolean {
    const original = this.#original?.isBroken(frame) ?? true;
    const proxy = this.#proxy?.isBroken(frame) ?? true;
    return original && proxy;
  }

  #shareBudget(): void {
    const { original, proxy } = splitBudget(this.#budgetBytes, this.#original, this.#proxy);
    if (this.#original) this.#original.budgetBytes = original;
    if (this.#proxy) this.#proxy.budgetBytes = proxy;
  }

  #updateState(): void {
    if (this.#main === null) return;
    const frame = this.#wish?.frame ?? null;
    if (frame !== null && this.surface.paintedFrame !== frame) {
      if (this.#isBroken(frame)) this.#setState({ kind: 'unreadable', reason: 'This frame is damaged.', frame });
      else this.#setState({ kind: 'waiting', frame });
      return;
    }
    this.#setState(frame === null ? { kind: 'opening' } : { kind: 'ready' });
  }

  #setState(state: PaneState): void {
    const same =
      state.kind === this.#state.kind &&
      frameOf(state) === frameOf(this.#state) &&
      (state.kind !== 'unreadable' || this.#state.kind !== 'unreadable' || state.reason === this.#state.reason);
    if (same) return;
    this.#state = state;
    this.#events.onState();
  }

  #close(): void {
    clearTimeout(this.#restTimer);
    this.#opening?.abort();
    this.#opening = null;
    this.#original?.dispose();
    this.#proxy?.dispose();
    this.#original = null;
    this.#proxy = null;
    this.#file = null;
    this.#wish = null;
    this.#prefersProxy = false;
  }
}

function splitBudget(
  total: number,
  original: FrameReader | null,
  proxy: FrameReader | null,
): { original: number; proxy: number } {
  if (!proxy) return { original: total, proxy: 0 };
  if (!original) return { original: 0, proxy: total };
  const whole = proxy.frameBytes * (proxy.timeline.frameCount + 2);
  const share = Math.min(whole, total * proxyShare);
  return { original: total - share, proxy: share };
}

function frameOf(state: PaneState): number | null {
  return 'frame' in state ? state.frame : null;
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  return said.startsWith('The ') ? said : 'This file could not be opened. It may be damaged or incomplete.';
}

/** Keeps the cached ranges of a reader as one object until its cache changes, so that snapshots can share it. */
class RangesMemo {
  #reader: FrameReader | null = null;
  #version = -1;
  #ranges: readonly FrameRange[] = [];

  read(reader: FrameReader | null): readonly FrameRange[] {
    if (reader === this.#reader && (reader?.cacheVersion ?? -1) === this.#version) return this.#ranges;
    this.#reader = reader;
    this.#version = reader?.cacheVersion ?? -1;
    this.#ranges = reader?.cachedRanges() ?? [];
    return this.#ranges;
  }
}
