import './bench-page.ts';
import { PlayerSession, type PlayerSessionOptions } from '../../../src-renderer/player/player-session.ts';
import type { PaneSource } from '../../../src-renderer/player/player-types.ts';

/** What the tests drive from outside: one session at a time, its canvases and the numbers burnt into its pictures. */
export interface Harness {
  session: PlayerSession;
  open(sources: (PaneSource | null)[], options?: PlayerSessionOptions): void;
  /** the number painted into the picture of a pane; null when it cannot be read */
  readCode(paneIndex: number): number | null;
  /** the same in a picture shown a quarter turn to the right: its blocks run down the right edge */
  readTurnedCode(paneIndex: number): number | null;
  /** what the canvas says it shows */
  counter(paneIndex: number): { frame: number | null; source: string | null };
  /** resolves when every pane shows the clock's frame, from the given origin if told */
  settled(origin?: string): Promise<void>;
  /** resolves when the first pane has a picture, or has said why it has none */
  decided(): Promise<void>;
  nextFrame(): Promise<void>;
  /** decoded frames, and bitmaps made of them, that nobody has closed yet */
  openPictures(): { frames: number; bitmaps: number };
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const host = document.getElementById('panes');
const openPictures = countOpenPictures();

function blockLuma(paneIndex: number, along: number, across: number): number | null {
  const rect = harness.session.getSnapshot().panes[paneIndex]?.pictureRect;
  const context = document.querySelectorAll('canvas')[paneIndex]?.getContext('2d');
  if (!rect || !context) return null;
  const x = Math.round(rect.x + along * rect.width);
  const y = Math.round(rect.y + across * rect.height);
  return context.getImageData(x, y, 1, 1).data[0] ?? null;
}

function decode(lumaOfBit: (bit: number) => number | null): number | null {
  let code = 0;
  for (let bit = 0; bit < 16; bit += 1) {
    const luma = lumaOfBit(bit);
    if (luma === null || (luma > 90 && luma < 165)) return null;
    if (luma >= 165) code |= 1 << bit;
  }
  return code;
}

function waitFor(isDone: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let unsubscribe = () => {};
    const check = () => {
      if (!isDone()) return;
      unsubscribe();
      resolve();
    };
    unsubscribe = harness.session.subscribe(check);
    check();
  });
}

/** Counts what decoders and bitmaps hand out against what is closed: each must be closed by hand. */
function countOpenPictures(): () => { frames: number; bitmaps: number } {
  const open = new Set<object>();
  if (typeof VideoDecoder !== 'undefined') {
    const Native = VideoDecoder;
    window.VideoDecoder = class extends Native {
      constructor(init: VideoDecoderInit) {
        super({
          ...init,
          output: (frame) => {
            open.add(frame);
            init.output(frame);
          },
        });
      }
    };
  }
  const NativeWorker = Worker;
  window.Worker = class extends NativeWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data }) => {
        if (data.bitmap) open.add(data.bitmap);
      });
    }
  };
  for (const type of [VideoFrame, ImageBitmap]) {
    const close = type.prototype.close;
    type.prototype.close = function (this: VideoFrame & ImageBitmap) {
      open.delete(this);
      close.call(this);
    };
  }
  return () => {
    const bitmaps = [...open].filter((picture) => picture instanceof ImageBitmap).length;
    return { frames: open.size - bitmaps, bitmaps };
  };
}

const harness: Harness = {
  session: new PlayerSession(),
  open(sources, options) {
    harness.session.dispose();
    host?.replaceChildren();
    harness.session = new PlayerSession({ paneCount: sources.length, ...options });
    sources.forEach((source, paneIndex) => {
      const canvas = document.createElement('canvas');
      host?.append(canvas);
      harness.session.attachCanvas(paneIndex, canvas);
      harness.session.setSource(paneIndex, source);
    });
  },
  readCode: (paneIndex) => decode((bit) => blockLuma(paneIndex, (bit + 2.5) / 20, 0.13)),
  readTurnedCode: (paneIndex) => decode((bit) => blockLuma(paneIndex, 1 - 0.13, (bit + 2.5) / 20)),
  counter(paneIndex) {
    const data = document.querySelectorAll('canvas')[paneIndex]?.dataset;
    return {
      frame: data?.paintedFrame === undefined ? null : Number(data.paintedFrame),
      source: data?.paintedSource ?? null,
    };
  },
  settled: (origin) =>
    waitFor(() => {
      const { panes, playing } = harness.session.getSnapshot();
      const isSettled = panes.every(
        (pane) => pane.state.kind === 'ready' && (origin === undefined || pane.paintedOrigin === origin),
      );
      return isSettled && !playing;
    }),
  decided: () =>
    waitFor(() => {
      const kind = harness.session.getSnapshot().panes[0]?.state.kind;
      return kind !== 'opening' && kind !== 'waiting';
    }),
  nextFrame: () => new Promise((resolve) => requestAnimationFrame(() => resolve())),
  openPictures,
};

window.harness = harness;
