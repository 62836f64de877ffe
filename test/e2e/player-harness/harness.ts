import { PlayerSession, type PlayerSessionOptions } from '../../../src-renderer/player/player-session.ts';
import type { PaneSource } from '../../../src-renderer/player/player-types.ts';

/** What the tests drive from outside: one session at a time, its canvases and the numbers burnt into its pictures. */
export interface Harness {
  session: PlayerSession;
  open(sources: (PaneSource | null)[], options?: PlayerSessionOptions): void;
  /** the number painted into the picture of a pane; null when it cannot be read */
  readCode(paneIndex: number): number | null;
  /** what the canvas says it shows */
  counter(paneIndex: number): { frame: number | null; source: string | null };
  /** resolves when every pane shows the clock's frame, from the given origin if told */
  settled(origin?: string): Promise<void>;
  nextFrame(): Promise<void>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const host = document.getElementById('panes');

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
  readCode(paneIndex) {
    const rect = harness.session.getSnapshot().panes[paneIndex]?.pictureRect;
    const canvas = document.querySelectorAll('canvas')[paneIndex];
    const context = canvas?.getContext('2d');
    if (!rect || !context) return null;
    const block = rect.width / 20;
    let code = 0;
    for (let bit = 0; bit < 16; bit += 1) {
      const x = Math.round(rect.x + (bit + 2.5) * block);
      const [luma = 128] = context.getImageData(x, Math.round(rect.y + 1.5 * block), 1, 1).data;
      if (luma > 90 && luma < 165) return null;
      if (luma >= 165) code |= 1 << bit;
    }
    return code;
  },
  counter(paneIndex) {
    const data = document.querySelectorAll('canvas')[paneIndex]?.dataset;
    return {
      frame: data?.paintedFrame === undefined ? null : Number(data.paintedFrame),
      source: data?.paintedSource ?? null,
    };
  },
  settled(origin) {
    const { session } = harness;
    return new Promise((resolve) => {
      const check = () => {
        const { panes, playing } = session.getSnapshot();
        const isSettled = panes.every(
          (pane) => pane.state.kind === 'ready' && (origin === undefined || pane.paintedOrigin === origin),
        );
        if (!isSettled || playing) return false;
        unsubscribe();
        resolve();
        return true;
      };
      const unsubscribe = session.subscribe(check);
      // The snapshot is built at the end of the task; ask after that.
      queueMicrotask(() => queueMicrotask(check));
    });
  },
  nextFrame: () => new Promise((resolve) => requestAnimationFrame(() => resolve())),
};

window.harness = harness;
