import { useEffect, useState } from 'react';

/** Minutes and seconds between a time and now, as "0:08" or "1:02:40". */
export function showDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pair = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(seconds % 60)}` : `${minutes}:${pair(seconds % 60)}`;
}

/** A running timer from a stamp, or towards one. It ticks here; nobody is asked. */
export function Elapsed({ since, until }: { since?: string; until?: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const ms = until === undefined ? now - Date.parse(since ?? '') : Date.parse(until) - now;
  return <span className="tabular">{showDuration(ms)}</span>;
}
