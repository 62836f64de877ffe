/** Measurements that run inside the page: the player beside a `<video>` element and the display's own rhythm. */
import type { PaneSource } from '../../../src-renderer/player/player-types.ts';

export interface PlayReport {
  due: number;
  shown: number;
  dropped: number;
  late: number;
  drift: number;
}

export interface DragReport {
  distinct: number;
  wrong: number;
  settleMs: number;
}

export interface BenchPage {
  floor(count: number): Promise<number[]>;
  playerSeeks(targets: number[]): Promise<{ times: number[]; wrong: number }>;
  videoSeeks(url: string, seconds: number[]): Promise<number[]>;
  drag(frames: number, milliseconds: number): Promise<DragReport>;
  play(seconds: number): Promise<PlayReport>;
  openPlayer(source: PaneSource): Promise<number>;
  openVideo(url: string): Promise<number>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

const mostVideoMs = 5000;
const animationFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** a moment that has nothing to do with the display's rhythm */
const anyMoment = () => pause(5 + Math.random() * 17);

/** A page with a running clock on it: without one the display's rhythm stops and starts with every request. */
function keepDisplayRunning(): void {
  requestAnimationFrame(keepDisplayRunning);
}

/** Waits until a video shows the frame of a time. It says nothing when it shows that frame already. */
function videoShows(video: HTMLVideoElement, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, mostVideoMs);
    const look = () =>
      video.requestVideoFrameCallback((_now, { mediaTime }) => {
        if (Math.abs(mediaTime - seconds) >= 0.03) return look();
        clearTimeout(timer);
        resolve();
      });
    look();
  });
}

function loadVideo(url: string): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.style.cssText = 'position:fixed;right:0;bottom:0;width:320px';
  document.body.append(video);
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve(video));
    video.src = url;
  });
}

export const benchPage: BenchPage = {
  async floor(count) {
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) {
      await anyMoment();
      const begin = performance.now();
      await animationFrame();
      times.push(performance.now() - begin);
    }
    return times;
  },
  async playerSeeks(targets) {
    const { harness } = window;
    const times: number[] = [];
    let wrong = 0;
    for (const target of targets) {
      await anyMoment();
      const begin = performance.now();
      harness.session.commands.seek(target);
      await harness.settled();
      await animationFrame();
      times.push(performance.now() - begin);
      if (harness.readCode(0) !== target) wrong += 1;
    }
    return { times, wrong };
  },
  async videoSeeks(url, seconds) {
    const video = await loadVideo(url);
    const times: number[] = [];
    for (const at of seconds) {
      await anyMoment();
      const begin = performance.now();
      const shown = videoShows(video, at - 0.02);
      video.currentTime = at;
      await shown;
      const elapsed = performance.now() - begin;
      if (elapsed < mostVideoMs) times.push(elapsed);
    }
    video.remove();
    return times;
  },
  async drag(frames, milliseconds) {
    const { harness } = window;
    const { commands } = harness.session;
    const seen = new Set<number | null>();
    let wrong = 0;
    commands.scrubStart();
    const begin = performance.now();
    for (let asked = -1; asked < frames - 1; ) {
      const now = await animationFrame();
      if (asked >= 0) {
        const { frame } = harness.counter(0);
        seen.add(frame);
        if (harness.readCode(0) !== frame) wrong += 1;
      }
      asked = Math.min(frames - 1, Math.floor(((now - begin) / milliseconds) * frames));
      if (asked >= 0) commands.scrubMove(asked);
    }
    const last = performance.now();
    await harness.settled();
    await animationFrame();
    const settleMs = performance.now() - last;
    seen.add(harness.counter(0).frame);
    commands.scrubEnd();
    return { distinct: seen.size, wrong, settleMs };
  },
  async play(seconds) {
    const { harness } = window;
    const { session } = harness;
    session.commands.setLoop('loop');
    session.commands.seek(0);
    await harness.settled();
    session.commands.play();
    while (session.getSnapshot().paintedFrames === 0) await animationFrame();
    const begin = performance.now();
    let drift = 0;
    while (performance.now() - begin < seconds * 1000) {
      await animationFrame();
      const painted = session.getSnapshot().panes.map((pane) => pane.paintedFrame ?? 0);
      drift = Math.max(drift, Math.max(...painted) - Math.min(...painted));
    }
    const { paintedFrames, droppedFrames, lateFrames, frameRate } = session.getSnapshot();
    const due = Math.round(((performance.now() - begin) / 1000) * (frameRate.num / frameRate.den));
    session.commands.pause();
    return { due, shown: paintedFrames, dropped: droppedFrames, late: lateFrames, drift };
  },
  async openPlayer(source) {
    const begin = performance.now();
    window.harness.open([source]);
    await window.harness.settled();
    return performance.now() - begin;
  },
  async openVideo(url) {
    const begin = performance.now();
    const video = await loadVideo(url);
    const elapsed = performance.now() - begin;
    video.remove();
    return elapsed;
  },
};

window.bench = benchPage;
keepDisplayRunning();
