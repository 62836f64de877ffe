/**
 * A viewer of one to nine panes under one clock. Owns the panes, the clock and the animation loop. While playing, a
 * tick paints every pane at the clock's frame or none: panes cannot drift apart, they can only be late together,
 * which is counted.
 */
import { Pane } from './pane.ts';
import { countDropped, PlayClock } from './play-clock.ts';
import type { PlayRange } from './play-range.ts';
import { playRangeFrames } from './play-range.ts';
import type { PlayerCommands } from './player-commands.ts';
import { createCommands } from './player-commands.ts';
import type { Direction, LoopMode, PaneSource, PlayerSnapshot, ViewTransform } from './player-types.ts';
import { mapToPane, planSessionTimeline } from './session-timeline.ts';
import { SnapshotStore, shareIfEqual } from './snapshot-store.ts';
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
/** a pane later than this holds the clock instead of letting frames pass unseen */
const mostLateMs = 150;
/** frames that must be ready before a held clock runs on, and how long to wait for them */
const readyAhead = 4;
const mostHoldMs = 1500;
const ticksPerSecond = 60;

export class PlayerSession {
  readonly commands: PlayerCommands;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => PlayerSnapshot;
  #store: SnapshotStore<PlayerSnapshot>;
  #panes: Pane[] = [];
  #timeline: Timeline = constantTimeline({ num: 24, den: 1 }, 1);
  #clock = new PlayClock();
  #frame = 0;
  #playing = false;
  #scrubbing = false;
  #resumesAfterScrub = false;
  #direction: Direction = 1;
  #loop: LoopMode = 'loop';
  #inPoint: number | null = null;
  #outPoint: number | null = null;
  #view: ViewTransform = fitView;
  #audioPane: number | null = 0;
  #heldSince: number | null = null;
  #lateSince: number | null = null;
  #lastPlayed: number | null = null;
  #counters = { dropped: 0, late: 0, painted: 0 };
  #animation: number | null = null;
  #cacheBytes: number;

  constructor(options: PlayerSessionOptions = {}) {
    this.#cacheBytes = options.cacheBytes ?? defaultCacheBytes;
    this.#store = new SnapshotStore((previous) => this.#buildSnapshot(previous));
    this.subscribe = this.#store.subscribe;
    this.getSnapshot = this.#store.getSnapshot;
    this.commands = createCommands(this);
    this.setPaneCount(options.paneCount ?? 1);
    this.#store.flush();
  }

  get frame(): number {
    return this.#frame;
  }

  get frameCount(): number {
    return this.#timeline.frameCount;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get direction(): Direction {
    return this.#direction;
  }

  get speed(): number {
    return this.#clock.speed;
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
      if (current.proxyUrl === null && source.proxyUrl !== null) pane.addProxy(source);
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
    const atEnd = direction === 1 ? this.#frame >= last : this.#frame <= first;
    if (atEnd && this.#loop === 'once') this.#frame = direction === 1 ? first : last;
    if (!this.#playing) this.#counters = { dropped: 0, late: 0, painted: 0 };
    this.#playing = true;
    this.#direction = direction;
    this.#choosePlaySource();
    this.#holdAtFrame();
    this.#requestAll();
    this.#startLoop();
    this.#store.changed();
  }

  pause(): void {
    if (!this.#playing) return;
    this.#playing = false;
    this.#stopHolding();
    // Stop on the frame people see, not on one that was due while they pressed.
    if (this.#lastPlayed !== null) this.#frame = this.#lastPlayed;
    this.#lastPlayed = null;
    this.#showFrame();
  }

  seek(frame: number): void {
    this.#frame = Math.max(0, Math.min(Math.round(frame), this.#timeline.frameCount - 1));
    this.#lastPlayed = null;
    if (this.#playing) this.#holdAtFrame();
    this.#showFrame();
  }

  scrubStart(): void {
    this.#resumesAfterScrub = this.#playing;
    if (this.#playing) this.pause();
    this.#scrubbing = true;
    this.#store.changed();
  }

  scrubEnd(): void {
    if (!this.#scrubbing) return;
    this.#scrubbing = false;
    this.#showFrame();
    if (this.#resumesAfterScrub) this.play(this.#direction);
  }

  setSpeed(speed: number): void {
    if (this.#playing) this.#anchorAtFrame();
    this.#clock.speed = speed;
    if (this.#playing) this.#choosePlaySource();
    this.#store.changed();
  }

  setLoop(mode: LoopMode): void {
    this.#loop = mode;
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
    this.#store.changed();
  }

  setView(view: ViewTransform): void {
    this.#view = view;
    for (const pane of this.#panes) {
      this.#placeView(pane);
      pane.repaint();
    }
    this.#store.changed();
  }

  /** Size of a pane's picture and canvas, for turning a pointer position into a point of the picture. */
  paneLayout(paneIndex: number) {
    const surface = this.#panes[paneIndex]?.surface;
    const rect = surface?.pictureRect;
    return surface && rect ? { rect, zoom: surface.zoom } : null;
  }

  dispose(): void {
    this.#playing = false;
    if (this.#animation !== null) cancelAnimationFrame(this.#animation);
    for (const pane of this.#panes) pane.dispose();
    this.#panes = [];
    this.#store.dispose();
  }

  #createPane(): Pane {
    const pane: Pane = new Pane({
      onOpened: () => this.#onTimelineChanged(),
      onPicture: () => this.#onPicture(pane),
      onChange: () => this.#store.changedSlowly(),
      onState: () => this.#store.changed(),
    });
    return pane;
  }

  #onTimelineChanged(): void {
    this.#timeline = planSessionTimeline(this.#panes);
    this.#frame = Math.max(0, Math.min(this.#frame, this.#timeline.frameCount - 1));
    for (const pane of this.#panes) this.#placeView(pane);
    if (this.#playing) this.#holdAtFrame();
    this.#showFrame();
  }

  #onSurfaceResized(pane: Pane): void {
    // At 1:1 the reference pane's canvas decides the zoom of all.
    for (const other of pane === this.#panes[0] ? this.#panes : [pane]) {
      this.#placeView(other);
      other.repaint();
    }
    if (!this.#playing) this.#paintPane(pane);
    this.#store.changed();
  }

  #onPicture(pane: Pane): void {
    // Play paints on its own ticks, all panes at once.
    if (!this.#playing) this.#paintPane(pane);
  }

  #showFrame(): void {
    this.#requestAll();
    if (!this.#playing) for (const pane of this.#panes) this.#paintPane(pane);
    this.#store.changed();
  }

  #paintPane(pane: Pane): void {
    if (pane.timeline) pane.paint(mapToPane(this.#timeline, pane.timeline, this.#frame).frame);
    this.#store.changed();
  }

  #requestAll(): void {
    const { first, last } = this.#rangeFrames();
    const motion = this.#playing ? 'play' : this.#scrubbing ? 'scrub' : 'rest';
    for (const pane of this.#panes) {
      const { timeline } = pane;
      if (!timeline) continue;
      pane.request({
        ...mapToPane(this.#timeline, timeline, this.#frame),
        motion,
        direction: this.#direction,
        first: mapToPane(this.#timeline, timeline, first).frame,
        last: mapToPane(this.#timeline, timeline, last).frame,
        wraps: this.#loop === 'loop',
      });
    }
  }

  #startLoop(): void {
    if (this.#animation !== null) return;
    const tick = (time: number) => {
      this.#animation = null;
      if (!this.#playing) return;
      this.#tick(time);
      this.#animation = requestAnimationFrame(tick);
    };
    this.#animation = requestAnimationFrame(tick);
  }

  #tick(timeMs: number): void {
    if (this.#heldSince !== null && !this.#canRunOn(timeMs)) {
      this.#clock.hold(timeMs / 1000);
      return;
    }
    if (this.#heldSince !== null) {
      this.#stopHolding();
      this.#clock.hold(timeMs / 1000);
    }
    const at = this.#clock.read(timeMs / 1000, this.#playRange());
    if (at.wrapped) this.#clock.anchor(at, timeMs / 1000);
    if (at.direction !== this.#direction) this.#direction = at.direction;
    const frame = this.#timeline.frameAt(at.seconds);
    if (frame !== this.#frame) {
      this.#frame = frame;
      this.#requestAll();
    }
    if (frame !== this.#lastPlayed) this.#playFrame(frame, timeMs, at.wrapped);
    if (at.stopped && this.#lastPlayed === frame) this.pause();
  }

  #playFrame(frame: number, timeMs: number, wrapped: boolean): void {
    if (!this.#allCanPaint(frame)) {
      if (this.#lateSince === null) {
        this.#lateSince = timeMs;
        this.#counters.late += 1;
      } else if (timeMs - this.#lateSince > mostLateMs) {
        for (const pane of this.#panes) pane.prefersProxy = true;
        this.#holdAtFrame();
        this.#requestAll();
      }
      this.#store.changed();
      return;
    }
    this.#lateSince = null;
    for (const pane of this.#panes) this.#paintPane(pane);
    if (this.#lastPlayed !== null && !wrapped) {
      const { num, den } = this.#timeline.frameRate;
      const perTick = (num / den / ticksPerSecond) * this.#clock.speed;
      this.#counters.dropped += countDropped(Math.abs(frame - this.#lastPlayed), perTick);
    }
    this.#counters.painted += 1;
    this.#lastPlayed = frame;
    this.#store.changed();
  }

  #allCanPaint(frame: number): boolean {
    return this.#panes.every(
      (pane) => pane.isIdle || !pane.timeline || pane.canPaint(mapToPane(this.#timeline, pane.timeline, frame).frame),
    );
  }

  /** A held clock runs on once the frames ahead are ready, or after a while with the first one alone. */
  #canRunOn(timeMs: number): boolean {
    if (!this.#allCanPaint(this.#frame)) return false;
    if (timeMs - (this.#heldSince ?? timeMs) > mostHoldMs) return true;
    const { first, last } = this.#rangeFrames();
    for (let step = 1; step < readyAhead; step += 1) {
      const ahead = this.#frame + step * this.#direction;
      if (ahead < first || ahead > last) return true;
      if (!this.#allCanPaint(ahead)) return false;
    }
    return true;
  }

  #holdAtFrame(): void {
    this.#anchorAtFrame();
    this.#heldSince = performance.now();
    this.#lateSince = null;
  }

  #stopHolding(): void {
    this.#heldSince = null;
    this.#lateSince = null;
  }

  /** Anchors the clock to the start of the frame in the direction of play. */
  #anchorAtFrame(): void {
    const start = this.#timeline.startOf(this.#frame);
    const end = this.#timeline.startOf(this.#frame + 1) - 1e-5;
    const seconds = this.#direction === 1 ? start : Math.max(start, end);
    this.#clock.anchor({ seconds, direction: this.#direction }, performance.now() / 1000);
  }

  /** One clip at ordinary speed plays from the original; anything that needs more decoding plays from proxies. */
  #choosePlaySource(): void {
    const clips = this.#panes.filter((pane) => pane.timeline && pane.source?.kind === 'clip').length;
    const isDemanding = clips > 1 || this.#clock.speed > 1 || this.#direction === -1 || this.#loop === 'ping-pong';
    for (const pane of this.#panes) pane.prefersProxy = isDemanding;
  }

  #rangeChanged(): void {
    if (this.#playing) this.#anchorAtFrame();
    this.#requestAll();
    this.#store.changed();
  }

  #rangeFrames(): { first: number; last: number } {
    return playRangeFrames(this.#inPoint, this.#outPoint, this.#timeline.frameCount);
  }

  #playRange(): PlayRange {
    const { first, last } = this.#rangeFrames();
    const end =
      last + 1 < this.#timeline.frameCount ? this.#timeline.startOf(last + 1) : this.#timeline.durationSeconds;
    const { num, den } = this.#timeline.frameRate;
    return { start: this.#timeline.startOf(first), end, frameSeconds: den / num, loop: this.#loop };
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
      frame: this.#frame,
      frameCount: this.#timeline.frameCount,
      frameRate: this.#timeline.frameRate,
      playing: this.#playing,
      buffering: this.#playing && this.#heldSince !== null,
      scrubbing: this.#scrubbing,
      direction: this.#direction,
      speed: this.#clock.speed,
      inPoint: this.#inPoint,
      outPoint: this.#outPoint,
      loop: this.#loop,
      view: this.#view,
      audioPane: this.#audioPane,
      droppedFrames: this.#counters.dropped,
      lateFrames: this.#counters.late,
      paintedFrames: this.#counters.painted,
      panes: samePanes ? previous.panes : panes,
    });
  }
}
