/**
 * One picture surface: a source, its open files and the canvas they are painted on. Decides which file a frame comes
 * from and says in one state how things stand. `paintedFrame` changes only after that frame is on the canvas.
 */
import type { FrameCopier } from './frame-copier.ts';
import type { FrameReader } from './frame-reader.ts';
import { encodePicture } from './paint.ts';
import type { PaneReadersEvents } from './pane-readers.ts';
import { PaneReaders } from './pane-readers.ts';
import { isSameState, refusalOf } from './pane-state.ts';
import { PaneSurface } from './pane-surface.ts';
import { planDecoding } from './plan-decoding.ts';
import type { PaneSnapshot, PaneSource, PaneState } from './player-types.ts';
import { RangesMemo } from './ranges-memo.ts';
import type { SoundFinding } from './sound-track.ts';
import type { Timeline } from './timeline.ts';
import type { PaneWish } from './want-window.ts';
import { wantWindow } from './want-window.ts';

export interface PaneEvents {
  /** the source has been opened, or its timeline has changed */
  onOpened(): void;
  /** the frame that was asked for can be painted, or never will be */
  onPicture(): void;
  /** the cache holds other frames now */
  onCache(): void;
  onState(): void;
  onSound(): void;
}

/** How long the playhead rests before the full-size frame replaces the proxy's. */
const restMs = 80;

export class Pane {
  readonly surface = new PaneSurface();
  #copier: FrameCopier;
  #events: PaneEvents;
  #source: PaneSource | null = null;
  #readers: PaneReaders | null = null;
  #state: PaneState = { kind: 'empty' };
  #wish: PaneWish | null = null;
  #budgetBytes = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #prefersProxy = false;
  /** the playhead has stood on one frame for a while */
  #isResting = false;
  /** what is on the canvas has fewer pixels than the original */
  #isPaintedSoft = false;
  /** waiting for a frame of the original */
  #grabs: { frame: number; resolve: () => void }[] = [];
  #originalRanges = new RangesMemo();
  #proxyRanges = new RangesMemo();

  constructor(copier: FrameCopier, events: PaneEvents) {
    this.#copier = copier;
    this.#events = events;
  }

  get source(): PaneSource | null {
    return this.#source;
  }

  get timeline(): Timeline | null {
    return this.#readers?.main?.timeline ?? null;
  }

  get size(): { width: number; height: number } | null {
    const main = this.#readers?.main;
    return main ? { width: main.width, height: main.height } : null;
  }

  get sound(): SoundFinding {
    return this.#readers?.sound ?? { kind: 'none' };
  }

  set budgetBytes(bytes: number) {
    this.#budgetBytes = bytes;
    if (this.#readers) this.#readers.budgetBytes = bytes;
  }

  /** While playing, show the proxy even where the original is cached: one sharpness throughout. */
  set prefersProxy(prefers: boolean) {
    this.#prefersProxy = prefers;
  }

  /** True when this pane cannot hold up the others: it has nothing to show, or the frame is damaged. */
  get isIdle(): boolean {
    if (!this.#readers?.main || this.surface.canvas === null) return true;
    return this.#wish !== null && this.#readers.isBroken(this.#wish.frame);
  }

  /** Shows another file, or nothing; what was open is closed. */
  setSource(source: PaneSource | null): void {
    this.#close();
    this.#source = source;
    this.surface.clear();
    const refusal = source ? refusalOf(source) : ({ kind: 'empty' } as const);
    this.#setState(refusal ?? { kind: 'opening' });
    if (!source || refusal) return;
    const readers: PaneReaders = new PaneReaders(source, {
      budgetBytes: this.#budgetBytes,
      copier: this.#copier,
      events: this.#readersEvents(() => readers),
    });
    this.#readers = readers;
  }

  #readersEvents(readers: () => PaneReaders): PaneReadersEvents {
    return {
      onOpened: () => this.#onOpened(readers()),
      onFailed: (failure) => this.#setState(failure.kind === 'unreadable' ? { ...failure, frame: null } : failure),
      onSound: () => this.#events.onSound(),
      onPicture: (role, frame) => this.#onPicture(role, frame),
      onBroken: (frame) => this.#onBroken(frame),
    };
  }

  /** Takes what has become known of the same file meanwhile, a new proxy too, without disturbing what is shown. */
  updateSource(source: PaneSource): void {
    const hasNewProxy = source.proxyUrl !== null && this.#source?.proxyUrl !== source.proxyUrl;
    if (hasNewProxy && !this.#readers?.main) {
      this.setSource(source);
      return;
    }
    this.#source = source;
    if (hasNewProxy) void this.#readers?.addProxy(source);
    this.#events.onState();
  }

  request(wish: PaneWish): void {
    this.#wish = wish;
    clearTimeout(this.#restTimer);
    const { pictureWidth } = this.surface;
    if (this.#readers && pictureWidth !== null) this.#readers.lookedAtWidth = pictureWidth;
    this.#decode(wish, 'moving');
    if (wish.motion === 'rest') this.#restTimer = setTimeout(() => this.#decode(wish, 'resting'), restMs);
  }

  /** Divides the work between the files: little while the playhead moves, so that the newest request is served first. */
  #decode(wish: PaneWish, pace: 'moving' | 'resting'): void {
    const { original, proxy } = this.#readers ?? { original: null, proxy: null };
    const isSharp = original?.picture(wish.frame) != null;
    const plan = planDecoding({
      motion: wish.motion,
      pace,
      isSharp,
      hasOriginal: original !== null,
      hasProxy: proxy !== null,
      prefersProxy: this.#prefersProxy,
    });
    if (original) wantWindow(original, wish, plan.original, plan.targets);
    if (proxy) wantWindow(proxy, wish, plan.proxy, plan.targets);
    this.#isResting = pace === 'resting';
  }

  canPaint(frame: number): boolean {
    return this.#pick(frame) !== null;
  }

  /** Paints a frame if it is decoded; says whether the canvas now shows it. */
  paint(frame: number): boolean {
    const reader = this.#pick(frame);
    const picture = reader?.picture(frame);
    const painted =
      reader != null &&
      picture != null &&
      this.surface.paint({ picture, frame, origin: reader.origin, rotation: reader.rotation });
    if (painted) {
      this.#readers?.pin(reader, frame);
      this.#isPaintedSoft = reader.origin === 'proxy' || !reader.isFull(frame);
    }
    this.#updateState();
    return painted;
  }

  /** Draws the same frame again, after a change of size or view. */
  repaint(): void {
    const frame = this.surface.paintedFrame;
    if (frame !== null) this.paint(frame);
  }

  /** The painted frame as a PNG, from the original if it can be decoded; null when nothing is painted. */
  async grabFrame(): Promise<Blob | null> {
    const frame = this.surface.paintedFrame;
    await this.#readers?.opened;
    const reader = this.#readers?.main;
    if (frame === null || !reader) return null;
    if (!reader.isFull(frame) && !reader.isBroken(frame)) {
      reader.wantFull(frame);
      await new Promise<void>((resolve) => this.#grabs.push({ frame, resolve }));
    }
    const source = reader.picture(frame) ? reader : this.#pick(frame);
    const picture = source?.picture(frame);
    if (!source || !picture) return null;
    const blob = encodePicture(picture, source.rotation, { width: source.width, height: source.height });
    if (this.#wish) this.request(this.#wish);
    return blob;
  }

  snapshot(): PaneSnapshot {
    const main = this.#readers?.main ?? null;
    const { sound } = this;
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
      proxyOnly: main !== null && main.origin === 'proxy',
      hasAudio: sound.kind !== 'none',
      audioProblem: sound.kind === 'silent' ? sound.problem : null,
      cachedRanges: this.#originalRanges.read(this.#readers?.original ?? null),
      proxyCachedRanges: this.#proxyRanges.read(this.#readers?.proxy ?? null),
      pictureRect: this.surface.pictureRect,
    };
  }

  dispose(): void {
    this.#close();
    this.surface.dispose();
  }

  #onOpened(readers: PaneReaders): void {
    const { main } = readers;
    if (readers !== this.#readers || !main) return;
    this.surface.pictureSize = { width: main.width, height: main.height };
    this.#updateState();
    this.#events.onOpened();
  }

  #onPicture(role: 'original' | 'proxy', frame: number): void {
    const wish = this.#wish;
    if (this.#readers?.main?.isFull(frame)) this.#finishGrabs(frame);
    if (wish?.frame === frame) {
      const isSharper = role === 'original' && this.#isPaintedSoft;
      if (this.surface.paintedFrame !== frame || isSharper) this.#events.onPicture();
      if (role === 'original' && this.#isResting) this.#decode(wish, 'resting');
    }
    this.#events.onCache();
  }

  #finishGrabs(frame: number | null): void {
    for (const grab of this.#grabs) if (frame === null || grab.frame === frame) grab.resolve();
    this.#grabs = this.#grabs.filter((grab) => frame !== null && grab.frame !== frame);
  }

  #onBroken(frame: number): void {
    this.#finishGrabs(frame);
    if (frame !== this.#wish?.frame) return;
    this.#updateState();
    this.#events.onPicture();
  }

  #pick(frame: number): FrameReader | null {
    if (!this.#readers) return null;
    const { original, proxy } = this.#readers;
    const isProxyFirst = this.#wish?.motion === 'play' && this.#prefersProxy;
    const order = isProxyFirst ? [proxy, original] : [original, proxy];
    return order.find((reader) => reader?.picture(frame) != null) ?? null;
  }

  #updateState(): void {
    if (!this.#readers?.main) return;
    const frame = this.#wish?.frame;
    if (frame === undefined) this.#setState({ kind: 'opening' });
    else if (this.surface.paintedFrame === frame) this.#setState({ kind: 'ready' });
    else if (this.#readers.isBroken(frame)) {
      this.#setState({ kind: 'unreadable', reason: 'This frame is damaged.', frame });
    } else this.#setState({ kind: 'waiting', frame });
  }

  #setState(state: PaneState): void {
    if (isSameState(state, this.#state)) return;
    this.#state = state;
    this.#events.onState();
  }

  #close(): void {
    clearTimeout(this.#restTimer);
    this.#isResting = false;
    this.#finishGrabs(null);
    this.#readers?.dispose();
    this.#readers = null;
    this.#wish = null;
    this.#prefersProxy = false;
  }
}
