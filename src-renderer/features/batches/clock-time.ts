/** The time of day of a stamp, "12:03:09". */
export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour12: false });
}
