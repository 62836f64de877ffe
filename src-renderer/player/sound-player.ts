/**
 * Plays the sound of one pane at normal speed and lends its clock to the pictures. Owns the audio context and the
 * buffers scheduled on it; where no device runs, it says so by having no time, and pictures go on without it.
 */
import type { PlaySound } from './play-loop.ts';
import type { SoundTrack } from './sound-track.ts';

const scheduledAhead = 0.6;
const checkMs = 100;

export class SoundPlayer implements PlaySound {
  #context: AudioContext | null = null;
  #track: SoundTrack | null = null;
  #nodes = new Set<AudioBufferSourceNode>();
  /** a new one for every start: what an older one still schedules is thrown away */
  #run: { stopped: boolean } | null = null;

  get track(): SoundTrack | null {
    return this.#track;
  }

  set track(track: SoundTrack | null) {
    if (track === this.#track) return;
    this.stop();
    this.#track = track;
  }

  get isReady(): boolean {
    return this.#track === null || this.#context?.state === 'running';
  }

  prepare(): void {
    if (!this.#track || typeof AudioContext === 'undefined') return;
    this.#context ??= new AudioContext();
    // Refused without a user gesture: play is silent then, on the display's clock.
    if (this.#context.state !== 'running') this.#context.resume().catch(() => undefined);
  }

  start(seconds: number, leadSeconds: number): number | null {
    this.stop();
    const context = this.#context;
    const track = this.#track;
    if (!context || !track || context.state !== 'running') return null;
    const run = { stopped: false };
    this.#run = run;
    const startsAt = context.currentTime + leadSeconds;
    void this.#schedule({ run, context, track, seconds, startsAt }).catch(() => undefined);
    return startsAt;
  }

  stop(): void {
    if (this.#run) this.#run.stopped = true;
    this.#run = null;
    for (const node of this.#nodes) {
      node.onended = null;
      node.stop();
      node.disconnect();
    }
    this.#nodes.clear();
  }

  time(animationMs: number): number | null {
    const context = this.#context;
    if (context?.state !== 'running' || !this.#run) return null;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    if (!contextTime || !performanceTime) return context.currentTime;
    return contextTime + (animationMs - performanceTime) / 1000;
  }

  dispose(): void {
    this.stop();
    this.#track = null;
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
  }

  async #schedule(play: ScheduledPlay): Promise<void> {
    const { run, context, track, seconds, startsAt } = play;
    for await (const { buffer, timestamp } of track.sink.buffers(Math.max(0, track.firstTimestamp + seconds))) {
      if (run.stopped) return;
      const at = startsAt + (timestamp - track.firstTimestamp - seconds);
      this.#playBuffer(context, buffer, { at, notBefore: Math.max(startsAt, context.currentTime) });
      while (!run.stopped && at - context.currentTime > scheduledAhead) await pauseFor(checkMs);
    }
  }

  #playBuffer(context: AudioContext, buffer: AudioBuffer, when: { at: number; notBefore: number }): void {
    const skipped = Math.max(0, when.notBefore - when.at);
    if (skipped >= buffer.duration) return;
    const node = context.createBufferSource();
    node.buffer = buffer;
    node.connect(context.destination);
    node.onended = () => this.#nodes.delete(node);
    node.start(when.at + skipped, skipped);
    this.#nodes.add(node);
  }
}

interface ScheduledPlay {
  run: { stopped: boolean };
  context: AudioContext;
  track: SoundTrack;
  seconds: number;
  startsAt: number;
}

function pauseFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
