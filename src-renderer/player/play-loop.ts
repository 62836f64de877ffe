/**
 * Turns the clock into painted frames, tick by tick. A tick paints all panes at the clock's frame or none. A frame
 * that is not decoded in time is late; one that passes unseen is dropped; when panes stay behind, the clock is held
 * until they have caught up, so that a slow machine shows every frame later rather than a few of them.
 */
import { countDropped, PlayClock } from './play-clock.ts';
import type { PlayPoint, PlayRange } from './play-range.ts';
import type { Direction, LoopMode } from './player-types.ts';
import type { Timeline } from './timeline.ts';

/** What the loop plays on: all panes as one. */
export interface PlayStage {
  timeline(): Timeline;
  rangeFrames(): { first: number; last: number };
  loopMode(): LoopMode;
  canPaint(frame: number): boolean;
  paint(frame: number): void;
  /** the playhead has moved: decode around it */
  request(): void;
  /** panes cannot keep up with what they decode now */
  onBehind(): void;
  /** something people see has changed */
  onTick(): void;
  /** play has reached the end of the range */
  onEnd(): void;
}

/** Sound that can lead the clock: while it runs, pictures follow it and not the other way round. */
export interface PlaySound {
  /** false while its device or track is still opening; play waits a moment for it */
  readonly isReady: boolean;
  prepare(): void;
  /** Starts at a point of media time; says when, on its own clock, that point is heard. Null: nothing to hear. */
  start(seconds: number, leadSeconds: number): number | null;
  stop(): void;
  /** seconds on the sound's own clock at an animation time, null while it does not run */
  time(animationMs: number): number | null;
}

/** The rhythm of the display. */
export interface PlayDisplay {
  nextFrame(callback: (animationMs: number) => void): number;
  cancel(request: number): void;
  nowMs(): number;
}

export interface PlayCounters {
  readonly dropped: number;
  readonly late: number;
  readonly painted: number;
}

/** a pane later than this holds the clock */
const mostLateMs = 150;
/** frames that must be ready before a held clock runs on, and how long to wait for more than the first */
const readyAhead = 4;
const mostHoldMs = 1500;
const mostSoundWaitMs = 400;
/** time for the first buffers to be decoded */
const soundLeadSeconds = 0.06;
const ticksPerSecond = 60;
const noCounts: PlayCounters = { dropped: 0, late: 0, painted: 0 };

const browserDisplay: PlayDisplay = {
  nextFrame: (callback) => requestAnimationFrame(callback),
  cancel: (request) => cancelAnimationFrame(request),
  nowMs: () => performance.now(),
};

export class PlayLoop {
  counters: PlayCounters = noCounts;
  frame = 0;
  direction: Direction = 1;
  #stage: PlayStage;
  #sound: PlaySound;
  #display: PlayDisplay;
  #clock = new PlayClock();
  #isSoundClock = false;
  #playing = false;
  #heldSince: number | null = null;
  #lateSince: number | null = null;
  /** painted since the clock was last anchored */
  #lastPainted: number | null = null;
  /** painted at all since play began: not counted twice when play resumes on it */
  #lastCounted: number | null = null;
  #animation: number | null = null;

  constructor(stage: PlayStage, sound: PlaySound, display: PlayDisplay = browserDisplay) {
    this.#stage = stage;
    this.#sound = sound;
    this.#display = display;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get buffering(): boolean {
    return this.#heldSince !== null;
  }

  get speed(): number {
    return this.#clock.speed;
  }

  set speed(speed: number) {
    if (speed === this.#clock.speed) return;
    this.#clock.speed = speed;
    this.restart();
  }

  start(direction: Direction): void {
    if (!this.#playing) {
      this.counters = noCounts;
      this.#lastCounted = null;
    }
    this.#playing = true;
    this.direction = direction;
    this.#sound.prepare();
    this.restart();
    this.#animation ??= this.#display.nextFrame((time) => this.#animate(time));
  }

  /** Stops on the frame people see, not on one that was due while they pressed. */
  stop(): void {
    this.#playing = false;
    if (this.#animation !== null) this.#display.cancel(this.#animation);
    this.#animation = null;
    this.#sound.stop();
    this.#isSoundClock = false;
    this.#heldSince = null;
    this.#lateSince = null;
    if (this.#lastPainted !== null) this.frame = this.#lastPainted;
    this.#lastPainted = null;
  }

  /** Plays on from `frame` as soon as it is ready: after a seek, a change of range, speed or source. */
  restart(): void {
    this.#lastPainted = null;
    if (this.#playing) this.#holdAt(this.frame);
  }

  #animate(timeMs: number): void {
    this.#animation = null;
    if (!this.#playing) return;
    this.#tick(timeMs);
    if (this.#playing) this.#animation = this.#display.nextFrame((time) => this.#animate(time));
  }

  #tick(timeMs: number): void {
    if (this.#heldSince !== null) {
      this.#heldSince = Math.min(this.#heldSince, timeMs);
      if (!this.#canRunOn(timeMs)) return;
      this.#runOn(timeMs);
    }
    const at = this.#clock.read(this.#now(timeMs), this.#range());
    if (at.wrapped) this.#turn(at.seconds, at.direction, timeMs);
    const frame = this.#stage.timeline().frameAt(at.seconds);
    if (frame !== this.frame) {
      this.frame = frame;
      this.#stage.request();
    }
    if (frame !== this.#lastPainted) this.#show(frame, timeMs, at.wrapped);
    if (at.stopped && this.#lastPainted === frame) this.#stage.onEnd();
  }

  #show(frame: number, timeMs: number, wrapped: boolean): void {
    if (!this.#stage.canPaint(frame)) {
      this.#wait(frame, timeMs);
      return;
    }
    this.#lateSince = null;
    this.#stage.paint(frame);
    const distance = this.#lastPainted === null || wrapped ? 1 : Math.abs(frame - this.#lastPainted);
    const dropped = this.counters.dropped + countDropped(distance, this.#framesPerTick());
    const painted = this.counters.painted + (frame === this.#lastCounted ? 0 : 1);
    this.counters = { ...this.counters, dropped, painted };
    this.#lastPainted = frame;
    this.#lastCounted = frame;
    this.#stage.onTick();
  }

  #wait(frame: number, timeMs: number): void {
    if (this.#lateSince === null) {
      this.#lateSince = timeMs;
      this.counters = { ...this.counters, late: this.counters.late + 1 };
      this.#stage.onTick();
    }
    if (timeMs - this.#lateSince <= mostLateMs) return;
    this.#stage.onBehind();
    this.#holdAt(frame);
    this.#stage.request();
    this.#stage.onTick();
  }

  /** Stands on the start of a frame in the direction of play, until it can be painted. */
  #holdAt(frame: number): void {
    this.#sound.stop();
    this.#isSoundClock = false;
    this.#lateSince = null;
    this.#heldSince = this.#display.nowMs();
    const timeline = this.#stage.timeline();
    const start = timeline.startOf(frame);
    const end = timeline.startOf(frame + 1) - 1e-5;
    const seconds = this.direction === 1 ? start : Math.max(start, end);
    this.#clock.anchor({ seconds, direction: this.direction }, 0);
  }

  #canRunOn(timeMs: number): boolean {
    const stage = this.#stage;
    const heldMs = timeMs - (this.#heldSince ?? timeMs);
    if (!stage.canPaint(this.frame)) return false;
    if (!this.#sound.isReady && heldMs < mostSoundWaitMs) return false;
    if (heldMs > mostHoldMs) return true;
    const { first, last } = stage.rangeFrames();
    for (let step = 1; step < readyAhead; step += 1) {
      const ahead = this.frame + step * this.direction;
      if (ahead < first || ahead > last) return true;
      if (!stage.canPaint(ahead)) return false;
    }
    return true;
  }

  #runOn(timeMs: number): void {
    this.#heldSince = null;
    this.#anchor(this.#clock.point, timeMs, soundLeadSeconds);
    this.#stage.onTick();
  }

  #turn(seconds: number, direction: Direction, timeMs: number): void {
    this.direction = direction;
    this.#anchor({ seconds, direction }, timeMs, 0);
  }

  #anchor(point: PlayPoint, timeMs: number, leadSeconds: number): void {
    this.#sound.stop();
    const canBeHeard = this.#clock.speed === 1 && point.direction === 1;
    const heardAt = canBeHeard ? this.#sound.start(point.seconds, leadSeconds) : null;
    this.#isSoundClock = heardAt !== null;
    this.#clock.anchor(point, heardAt ?? timeMs / 1000);
  }

  #now(timeMs: number): number {
    if (!this.#isSoundClock) return timeMs / 1000;
    const heard = this.#sound.time(timeMs);
    if (heard !== null) return heard;
    // The sound has ended or its device is gone: go on from the frame that shows by the display's clock.
    this.#isSoundClock = false;
    const seconds = this.#stage.timeline().startOf(this.frame);
    this.#clock.anchor({ seconds, direction: this.direction }, timeMs / 1000);
    return timeMs / 1000;
  }

  #framesPerTick(): number {
    const { num, den } = this.#stage.timeline().frameRate;
    return (num / den / ticksPerSecond) * this.#clock.speed;
  }

  #range(): PlayRange {
    const timeline = this.#stage.timeline();
    const { first, last } = this.#stage.rangeFrames();
    const end = last + 1 < timeline.frameCount ? timeline.startOf(last + 1) : timeline.durationSeconds;
    const { num, den } = timeline.frameRate;
    return { start: timeline.startOf(first), end, frameSeconds: den / num, loop: this.#stage.loopMode() };
  }
}
