/**
 * A viewer of one to nine panes under one clock. Owns the panes, the play loop and the sound; everything people see
 * of it is in one immutable snapshot.
 */
import type { Pane } from './pane.ts';
import { PaneGroup } from './pane-group.ts';
import type { PlayStage } from './play-loop.ts';
import { PlayLoop } from './play-loop.ts';
import { playRangeFrames } from './play-range.ts';
import type { PlayerCommands } from './player-commands.ts';
import { createCommands } from './player-commands.ts';
import type { Direction, LoopMode, PaneSource, PictureRect, PlayerSnapshot, ViewTransform } from './player-types.ts';
import { SnapshotStore, shareIfEqual } from './snapshot-store.ts';
import { SoundPlayer } from './sound-player.ts';

export interface PlayerSessionOptions {
  paneCount?: number;
  /** decoded frames of all panes together; 512 MB unless told */
  cacheBytes?: number;
}

const defaultCacheBytes = 512 * 1024 * 1024;

export class PlayerSession {
  readonly commands: PlayerCommands;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => PlayerSnapshot;
  #store: SnapshotStore<PlayerSnapshot>;
  #group: PaneGroup;
  #loop: PlayLoop;
  #sound = new SoundPlayer();
  #isScrubbing = false;
  #resumesAfterScrub = false;
  #loopMode: LoopMode = 'loop';
  #inPoint: number | null = null;
  #outPoint: number | null = null;
  #audioPane: number | null = 0;

  constructor(options: PlayerSessionOptions = {}) {
    this.#group = this.#createGroup(options.cacheBytes ?? defaultCacheBytes);
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
    return this.#group.timeline.frameCount;
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
    return this.#group.view;
  }

  get range(): { inPoint: number | null; outPoint: number | null } {
    return { inPoint: this.#inPoint, outPoint: this.#outPoint };
  }

  /** Adds empty panes or closes the last ones; one to nine. */
  setPaneCount(count: number): void {
    this.#group.setCount(count);
  }

  /** Puts another file into a pane; null empties it. The playhead stays on its frame. */
  setSource(paneIndex: number, source: PaneSource | null): void {
    this.#group.setSource(paneIndex, source);
  }

  /** Draws a pane on this canvas until the returned function is called. */
  attachCanvas(paneIndex: number, canvas: HTMLCanvasElement): () => void {
    return this.#group.attach(paneIndex, canvas);
  }

  play(direction: Direction = 1): void {
    const { first, last } = this.#rangeFrames();
    const atEnd = direction === 1 ? this.frame >= last : this.frame <= first;
    if (atEnd && this.#loopMode === 'once') this.#loop.frame = direction === 1 ? first : last;
    this.#loop.direction = direction;
    this.#choosePlaySource();
    this.#loop.start(direction);
    this.#request();
    this.#store.changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.#loop.stop();
    this.#showFrame();
  }

  seek(frame: number): void {
    if (!Number.isFinite(frame)) return;
    this.#loop.frame = this.#clampFrame(Math.round(frame));
    this.#loop.restart();
    this.#showFrame();
  }

  scrubStart(): void {
    this.#resumesAfterScrub = this.playing;
    this.pause();
    this.#isScrubbing = true;
    this.#store.changed();
  }

  scrubEnd(): void {
    if (!this.#isScrubbing) return;
    this.#isScrubbing = false;
    this.#showFrame();
    if (this.#resumesAfterScrub) this.play(this.direction);
  }

  setSpeed(speed: number): void {
    this.#loop.speed = speed;
    if (this.playing) this.#choosePlaySource();
    this.#request();
    this.#store.changed();
  }

  setLoop(mode: LoopMode): void {
    this.#loopMode = mode;
    this.#onRange();
  }

  setRange(inPoint: number | null, outPoint: number | null): void {
    this.#inPoint = inPoint;
    this.#outPoint = outPoint;
    this.#onRange();
  }

  setAudioPane(paneIndex: number | null): void {
    this.#audioPane = paneIndex;
    this.#chooseSound();
    this.#store.changed();
  }

  setView(view: ViewTransform): void {
    this.#group.setView(view);
    this.#request();
    this.#store.changed();
  }

  /** Where a pane's picture lies, in CSS pixels of its canvas, and how much larger than fit it is shown. */
  paneLayout(paneIndex: number): { rect: PictureRect; zoom: number } | null {
    return this.#group.layout(paneIndex);
  }

  /** The frame painted in a pane as a PNG of the original's size; throws when there is none. */
  async grabFrame(paneIndex = 0): Promise<Blob> {
    const blob = await this.#group.grabFrame(paneIndex);
    if (!blob) throw new Error('There is no picture to take here.');
    return blob;
  }

  dispose(): void {
    this.#loop.stop();
    this.#sound.dispose();
    this.#group.dispose();
    this.#store.dispose();
  }

  #createGroup(cacheBytes: number): PaneGroup {
    return new PaneGroup(cacheBytes, {
      onTimeline: (isNew) => this.#onTimeline(isNew),
      // Play paints on its own ticks, all panes at once.
      onPicture: (pane) => this.#paintAtRest(pane),
      onResize: (pane) => {
        this.#request();
        this.#paintAtRest(pane);
      },
      onCache: () => this.#store.changedSlowly(),
      onState: () => this.#store.changed(),
      onSound: () => this.#chooseSound(),
    });
  }

  #stage(): PlayStage {
    return {
      timeline: () => this.#group.timeline,
      rangeFrames: () => this.#rangeFrames(),
      loopMode: () => this.#loopMode,
      canPaint: (frame) => this.#group.canPaint(frame),
      paint: (frame) => this.#group.paint(frame),
      request: () => this.#request(),
      onBehind: () => {
        this.#group.prefersProxies = true;
      },
      onTick: () => this.#store.changed(),
      onEnd: () => this.pause(),
    };
  }

  #onTimeline(isNew: boolean): void {
    this.#chooseSound();
    if (isNew) {
      this.#loop.frame = this.#clampFrame(this.frame);
      this.#loop.restart();
    }
    this.#showFrame();
  }

  #onRange(): void {
    this.#loop.restart();
    this.#request();
    this.#store.changed();
  }

  #showFrame(): void {
    this.#request();
    if (!this.playing) this.#group.paint(this.frame);
    this.#store.changed();
  }

  #paintAtRest(pane: Pane): void {
    if (!this.playing) this.#group.paintOne(pane, this.frame);
    this.#store.changed();
  }

  #request(): void {
    const motion = this.playing ? 'play' : this.#isScrubbing ? 'scrub' : 'rest';
    const { direction, frame } = this;
    this.#group.request({ frame, motion, direction, ...this.#rangeFrames(), wraps: this.#loopMode === 'loop' });
  }

  /** One clip at ordinary speed plays from the original; anything that needs more decoding plays from proxies. */
  #choosePlaySource(): void {
    const isBackward = this.direction === -1 || this.#loopMode === 'ping-pong';
    this.#group.prefersProxies = this.#group.clipCount > 1 || this.speed > 1 || isBackward;
  }

  #chooseSound(): void {
    const sound = this.#audioPane === null ? null : this.#group.sound(this.#audioPane);
    const track = sound?.kind === 'playable' ? sound.track : null;
    if (track === this.#sound.track) return;
    this.#sound.track = track;
    if (this.playing) this.#sound.prepare();
    this.#loop.restart();
    this.#store.changed();
  }

  #rangeFrames(): { first: number; last: number } {
    return playRangeFrames(this.#inPoint, this.#outPoint, this.frameCount);
  }

  #clampFrame(frame: number): number {
    return Math.max(0, Math.min(frame, this.frameCount - 1));
  }

  #buildSnapshot(previous: PlayerSnapshot | null): PlayerSnapshot {
    const { counters, buffering } = this.#loop;
    return shareIfEqual(previous ?? undefined, {
      frame: this.frame,
      frameCount: this.frameCount,
      frameRate: this.#group.timeline.frameRate,
      playing: this.playing,
      buffering: this.playing && buffering,
      scrubbing: this.#isScrubbing,
      direction: this.direction,
      speed: this.speed,
      inPoint: this.#inPoint,
      outPoint: this.#outPoint,
      loop: this.#loopMode,
      view: this.view,
      audioPane: this.#audioPane,
      droppedFrames: counters.dropped,
      lateFrames: counters.late,
      paintedFrames: counters.painted,
      panes: this.#group.snapshot(previous?.panes),
    });
  }
}
