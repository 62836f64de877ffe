// Formatters are kept: making one costs as much as a hundred uses. Always 24 hours, as on a slate, and one way in every room.
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', year: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});
const dayOfThisYear = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});

/** The time of day of a stamp, "12:03:09". */
export function clockTime(at: string | number): string {
  return clock.format(new Date(at));
}

/** Day and time of a stamp, "Nov 21, 2026, 12:03". */
export function dayAndTime(at: string | number): string {
  return dayAndClock.format(new Date(at));
}

/** Day and time as short as they are clear, "Nov 21, 12:03"; with its year when that is another one. */
export function shortDay(at: string | number, nowMs: number): string {
  const date = new Date(at);
  return (date.getFullYear() === new Date(nowMs).getFullYear() ? dayOfThisYear : dayAndClock).format(date);
}

/** What a list of moments shows: the time of day; with its day when that is not today, as in the log of a night. */
export function momentText(at: string | number, nowMs: number): string {
  const isToday = new Date(at).toDateString() === new Date(nowMs).toDateString();
  return isToday ? clockTime(at) : shortDay(at, nowMs);
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago a stamp was, "12 min ago"; what is to come is "just now". */
export function agoText(at: string | number, nowMs: number): string {
  const ms = nowMs - new Date(at).getTime();
  if (ms < minuteMs) return 'just now';
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ago`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h ago` : `${Math.floor(ms / dayMs)} days ago`;
}

/** How long something took, "34 s", "12 min", "1 h 40 min", "3 days". */
export function spanText(ms: number): string {
  if (ms < minuteMs) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms >= 2 * dayMs) return `${Math.round(ms / dayMs)} days`;
  const minutes = Math.round(ms / minuteMs);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
