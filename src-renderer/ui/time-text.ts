// Formatters are kept: making one costs as much as a hundred uses. Always 24 hours, as on a slate, and one way in every room.
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', year: 'numeric' },
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
