/**
 * A viewer of one to nine panes under one clock. Owns the panes, the play loop and the sound; everything people see
 * of it is in one immutable snapshot.
 */
import { FrameCopier } from './frame-copier.ts';
import { Pane } from './pane.ts';
import type { PlayStage } from './play-loop.ts';
import { PlayLoop } from './play-loop.ts';
import { playRangeFrames } from './play-range.ts';
import type { PlayerCommands } from './player-commands.ts';
import { createCommands } from './player-commands.ts';
import type { Direction, LoopMode, PaneSource, PlayerSnapshot, ViewTransform } from './player-types.ts';
import { mapToPane, planSessionTimeline } from './session-timeline.ts';
import { SnapshotStore, shareIfEqual } from './snapshot-store.ts';
import { SoundPlayer } from './sound-player.ts';
import type { Timeline } from './timeline.ts';
import { constantTimeline } from './timeline.ts';
import { fitView, zoomOf } from './view-transform.ts';

export interface PlayerSessionOptions {
  paneCount?: number;
  /** decoded frames of all panes together; 512 MB unless told */
  cacheBytes?: number;
}

export const mostPanes = 9;
const defaultCacheBytes = 512 * 1024 * 1024;
export class PlayerSession {
  readonly commands: PlayerCommands;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => PlayerSnapshot;
  #store: SnapshotStore<PlayerSnapshot>;
  #panes: Pane[] = [];
  #timeline: Timeline = constantTimeline({ num: 24, den: 1 }, 1);
  #sound = new SoundPlayer();
  #copier = new FrameCopier();
  #loop: PlayLoop;
  #scrubbing = false;
  #resumesAfterScrub = false;
  #loopMode: LoopMode = 'loop';
  #inPoint: number | null = null;
  #outPoint: number | null = null;
  #view: ViewTransform = fitView;
  #audioPane: number | null = 0;
  #cacheBytes: number;

  constructor(options: PlayerSessionOptions = {}) {
    this.#cacheBytes = options.cacheBytes ?? defaultCacheBytes;
    this.#loop = new PlayLoop(this.#stage(), this.#sound);
    this.#store = new SnapshotStore((previous) => this.#buildSnapshot(previous));
    this.subscribe = this.#store.subscribe;
    this.getSnapshot = this.#store.getSnapshot;
    this.commands = createCommands(this);
    this.setPaneCount(options.paneCount ?? 1);
  }

  get frame(): number {
    return this.#loop.frame;
  }

  get frameCount(): number {
    return this.#timeline.frameCount;
  }

  get playing(): boolean {
    return this.#loop.playing;
  }

  get direction(): Direction {
    return this.#loop.direction;
  }

  get speed(): number {
    return this.#loop.speed;
  }

  get view(): ViewTransform {
    return this.#view;
  }

  /** Adds empty panes or closes the last ones. */
  setPaneCount(count: number): void {
    const wanted = Math.min(mostPanes, Math.max(1, Math.trunc(count)));
    for (const pane of this.#panes.splice(wanted)) pane.dispose();
    while (this.#panes.length < wanted) this.#panes.push(this.#createPane());
    for (const pane of this.#panes) pane.budgetBytes = this.#cacheBytes / this.#panes.length;
    this.#onTimelineChanged();
  }

  /** Puts another file into a pane; null empties it. The playhead stays on its frame. */
  setSource(paneIndex: number, source: PaneSource | null): void {
    const pane = this.#panes[paneIndex];
    if (!pane) return;
    const current = pane.source;
    if (current && source && current.url === source.url && current.playability === source.playability) {
      pane.updateSource(source);
      return;
    }
    pane.setSource(source);
    this.#onTimelineChanged();
  }

  /** Draws a pane on this canvas until the returned function is called. */
  attachCanvas(paneIndex: number, canvas: HTMLCanvasElement): () => void {
    const pane = this.#panes[paneIndex];
    if (!pane) return () => undefined;
    pane.surface.onResize = () => this.#onSurfaceResized(pane);
    const detach = pane.surface.attach(canvas);
    this.#onSurfaceResized(pane);
    return detach;
  }

  play(direction: Direction = 1): void {
    const { first, last } = this.#rangeFrames();
    const atEnd = direction === 1 ? this.frame >= last : this.frame <= first;
    if (atEnd && this.#loopMode === 'once') this.#loop.frame = direction === 1 ? first : last;
    this.#loop.direction = direction;
    this.#choosePlaySource();
    this.#loop.start(direction);
    this.#requestAll();
    this.#store.changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.#loop.stop();
    this.#showFrame();
  }

  seek(frame: number): void {
    if (!Number.isFinite(frame)) return;
    this.#loop.frame = Math.max(0, Math.min(Math.round(frame), this.#timeline.frameCount - 1));
    this.#loop.restart();
    this.#showFrame();
  }

  scrubStart(): void {
    this.#resumesAfterScrub = this.playing;
    this.pause();
    this.#scrubbing = true;
    this.#store.changed();
  }

  scrubEnd(): void {
    if (!this.#scrubbing) return;
    this.#scrubbing = false;
    this.#showFrame();
    if (this.#resumesAfterScrub) this.play(this.direction);
  }

  setSpeed(speed: number): void {
    this.#loop.speed = speed;
    if (this.playing) this.#choosePlaySource();
    this.#requestAll();
    this.#store.changed();
  }

  setLoop(mode: LoopMode): void {
    this.#loopMode = mode;
    this.#rangeChanged();
  }

  setRange(inPoint: number | null, outPoint: number | null): void {
    this.#inPoint = inPoint;
    this.#outPoint = outPoint;
    this.#rangeChanged();
  }

  get range(): { inPoint: number | null; outPoint: number | null } {
    return { inPoint: this.#inPoint, outPoint: this.#outPoint };
  }

  setAudioPane(paneIndex: number | null): void {
    this.#audioPane = paneIndex;
    this.#chooseSound();
    this.#store.changed();
  }

  setView(view: ViewTransform): void {
    this.#view = view;
    for (const pane of this.#panes) {
      this.#placeView(pane);
      pane.repaint();
    }
    this.#requestAll();
    this.#store.changed();
  }

  /** Size of a pane's picture and canvas, for turning a pointer position into a point of the picture. */
  paneLayout(paneIndex: number) {
    const surface = this.#panes[paneIndex]?.surface;
    const rect = surface?.pictureRect;
    return surface && rect ? { rect, zoom: surface.zoom } : null;
  }

  /** The frame painted in a pane as a PNG of the original's size; throws when there is none. */
  async grabFrame(paneIndex = 0): Promise<Blob> {
    const blob = await this.#panes[paneIndex]?.grabFrame();
    if (!blob) throw new Error('There is no picture to take here.');
    return blob;
  }

  dispose(): void {
    this.#loop.stop();
    this.#sound.dispose();
    for (const pane of this.#panes) pane.dispose();
    this.#panes = [];
    this.#copier.dispose();
    this.#store.dispose();
  }

  #createPane(): Pane {
    const pane: Pane = new Pane(this.#copier, {
      onOpened: () => this.#onTimelineChanged(),
      onPicture: () => this.#onPicture(pane),
      onCache: () => this.#store.changedSlowly(),
      onState: () => this.#store.changed(),
      onSound: () => this.#chooseSound(),
    });
    return pane;
  }

  #onTimelineChanged(): void {
    this.#timeline = planSessionTimeline(this.#panes);
    this.#loop.frame = Math.max(0, Math.min(this.frame, this.#timeline.frameCount - 1));
    for (const pane of this.#panes) this.#placeView(pane);
    this.#chooseSound();
    this.#loop.restart();
    this.#showFrame();
  }

  #onSurfaceResized(pane: Pane): void {
    // At 1:1 the reference pane's canvas decides the zoom of all.
    for (const other of pane === this.#panes[0] ? this.#panes : [pane]) {
      this.#placeView(other);
      other.repaint();
    }
    this.#requestAll();
    if (!this.playing) this.#paintPane(pane);
    this.#store.changed();
  }

  #onPicture(pane: Pane): void {
    // Play paints on its own ticks, all panes at once.
    if (!this.playing) this.#paintPane(pane);
  }

  #showFrame(): void {
    this.#requestAll();
    if (!this.playing) for (const pane of this.#panes) this.#paintPane(pane);
    this.#store.changed();
  }

  #paintPane(pane: Pane): void {
    if (pane.timeline) pane.paint(mapToPane(this.#timeline, pane.timeline, this.frame).frame);
    this.#store.changed();
  }

  #requestAll(): void {
    const { first, last } = this.#rangeFrames();
    const motion = this.playing ? 'play' : this.#scrubbing ? 'scrub' : 'rest';
    for (const pane of this.#panes) {
      const { timeline } = pane;
      if (!timeline) continue;
      pane.request({
        ...mapToPane(this.#timeline, timeline, this.frame),
        motion,
        direction: this.direction,
        first: mapToPane(this.#timeline, timeline, first).frame,
        last: mapToPane(this.#timeline, timeline, last).frame,
        wraps: this.#loopMode === 'loop',
      });
    }
  }

  #stage(): PlayStage {
    return {
      timeline: () => this.#timeline,
      rangeFrames: () => this.#rangeFrames(),
      loopMode: () => this.#loopMode,
      canPaint: (frame) => this.#panes.every((pane) => this.#canPaintPane(pane, frame)),
      paint: () => {
        for (const pane of this.#panes) this.#paintPane(pane);
      },
      request: () => this.#requestAll(),
      onBehind: () => {
        for (const pane of this.#panes) pane.prefersProxy = true;
      },
      onTick: () => this.#store.changed(),
      onEnd: () => this.pause(),
    };
  }

  #canPaintPane(pane: Pane, frame: number): boolean {
    if (pane.isIdle || !pane.timeline) return true;
    return pane.canPaint(mapToPane(this.#timeline, pane.timeline, frame).frame);
  }

  /** One clip at ordinary speed plays from the original; anything that needs more decoding plays from proxies. */
  #choosePlaySource(): void {
    const clips = this.#panes.filter((pane) => pane.timeline && pane.source?.kind === 'clip').length;
    const isDemanding = clips > 1 || this.speed > 1 || this.direction === -1 || this.#loopMode === 'ping-pong';
    for (const pane of this.#panes) pane.prefersProxy = isDemanding;
  }

  #chooseSound(): void {
    const sound = this.#audioPane === null ? null : this.#panes[this.#audioPane]?.sound;
    const track = sound?.kind === 'playable' ? sound.track : null;
    if (track === this.#sound.track) return;
    this.#sound.track = track;
    if (track && this.playing) this.#sound.prepare();
    this.#loop.restart();
    this.#store.changed();
  }

  #rangeChanged(): void {
    this.#loop.restart();
    this.#requestAll();
    this.#store.changed();
  }

  #rangeFrames(): { first: number; last: number } {
    return playRangeFrames(this.#inPoint, this.#outPoint, this.#timeline.frameCount);
  }

  #placeView(pane: Pane): void {
    const reference = this.#panes[0];
    const size = reference?.size ?? pane.size;
    const canvas = reference?.surface.canvasSize ?? pane.surface.canvasSize;
    pane.surface.view = this.#view;
    pane.surface.zoom = size && canvas ? zoomOf(this.#view, size, canvas) : 1;
  }

  #buildSnapshot(previous: PlayerSnapshot | null): PlayerSnapshot {
    const panes = this.#panes.map((pane, index) => shareIfEqual(previous?.panes[index], pane.snapshot()));
    const samePanes = previous?.panes.length === panes.length && panes.every((pane, i) => pane === previous.panes[i]);
    return shareIfEqual(previous ?? undefined, {
      frame: this.frame,
      frameCount: this.#timeline.frameCount,
      frameRate: this.#timeline.frameRate,
      playing: this.playing,
      buffering: this.playing && this.#loop.buffering,
      scrubbing: this.#scrubbing,
      direction: this.direction,
      speed: this.speed,
      inPoint: this.#inPoint,
      outPoint: this.#outPoint,
      loop: this.#loopMode,
      view: this.#view,
      audioPane: this.#audioPane,
      droppedFrames: this.#loop.counters.dropped,
      lateFrames: this.#loop.counters.late,
      paintedFrames: this.#loop.counters.painted,
      panes: samePanes ? previous.panes : panes,
    });
  }
}
