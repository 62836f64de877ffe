import { useSyncExternalStore } from 'react';
import { agoText } from './time-text.ts';

/** Minutes and seconds between a time and now, as "0:08" or "1:02:40"; from two days on "2 d 3 h". */
export function showDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 48 * 3600) return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds / 3600) % 24} h`;
  const pair = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(seconds % 60)}` : `${minutes}:${pair(seconds % 60)}`;
}

// One clock for every timer of the page, so that all turn at the same moment.
const listeners = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | null = null;
let shown = 0;

/** Whole seconds: a look twice in a row must see the same. */
const second = () => Math.floor(Date.now() / 1000) * 1000;

function tick(listener: () => void): () => void {
  listeners.add(listener);
  if (clock === null) {
    shown = second();
    clock = setInterval(() => {
      shown = second();
      for (const tell of listeners) tell();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || clock === null) return;
    clearInterval(clock);
    clock = null;
  };
}

const readNow = () => (clock === null ? second() : shown);

/** A running timer from a stamp, or towards one, then `over`. It ticks here; nobody is asked. */
export function Elapsed({ since, until, over }: { since?: string; until?: string; over?: string }) {
  const now = useSyncExternalStore(tick, readNow);
  const ms = until === undefined ? now - Date.parse(since ?? '') : Date.parse(until) - now;
  return <span className="tabular">{over !== undefined && ms <= 0 ? over : showDuration(ms)}</span>;
}

/** How long ago a stamp was, kept true while it is looked at. */
export function Ago({ at }: { at: string }) {
  return agoText(at, useSyncExternalStore(tick, readNow));
}
