import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';
import type { Bounds } from './electron-like.ts';

const windowStateSchema = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200).max(20_000),
  height: z.number().int().min(200).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** Where the window was; null when that is not known or can no longer be seen on any display. */
export async function readWindowState(path: string, displays: Bounds[]): Promise<WindowState | null> {
  const state = windowStateSchema.safeParse(await readJsonFile(path).catch(() => null));
  if (!state.success) return null;
  return displays.some((display) => canBeGrabbed(state.data, display)) ? state.data : null;
}

/** Remembers where the window is; what cannot be written is only a window in the middle next time. */
export async function saveWindowState(path: string, state: WindowState): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, JSON.stringify(state));
  } catch {
    // a full or read-only disk must not keep the app from closing
  }
}

/** Enough of the title bar lies on the display to take hold of it. */
function canBeGrabbed(window: Bounds, display: Bounds): boolean {
  const visible = Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x);
  return visible >= 100 && window.y >= display.y - 10 && window.y <= display.y + display.height - 50;
}
