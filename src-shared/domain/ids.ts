import { z } from 'zod';

/** Ids become file names, so only letters, digits, `_` and `-` are legal and none begins with `-`. */
const slugPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const slugSchema = z
  .string()
  .regex(slugPattern, 'use letters, digits, "_" and "-", begin with a letter or digit, 64 characters at most');
export const projectIdSchema = slugSchema;
export const episodeIdSchema = z.string().regex(/^EP\d{3}$/, 'an episode id is EP and three digits, for example EP001');
export const shotIdSchema = z
  .string()
  .regex(/^EP\d{3}_SH\d{3,4}[A-Z]?$/, 'a shot id is <episode>_SH and three digits, for example EP001_SH003');
export const takeIdSchema = z
  .string()
  .regex(/^EP\d{3}_SH\d{3,4}[A-Z]?_T\d{1,5}$/, 'a take id is <shot>_T<number>, for example EP001_SH003_T2');

/** `EP001_SH012` → `EP001`. */
export function episodeOfShot(shotId: string): string {
  return shotId.slice(0, shotId.indexOf('_'));
}

/** `EP001_SH012` → `SH012`, the name of the shot's folder and the start of its take files. */
export function shortShotId(shotId: string): string {
  return shotId.slice(shotId.indexOf('_') + 1);
}

/** "EP001_SH012" and 3 → "EP001_SH012_T3". */
export function takeIdOf(shotId: string, takeNumber: number): string {
  return `${shotId}_T${takeNumber}`;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Orders ids as people count: SH2 before SH10. */
export function compareNatural(a: string, b: string): number {
  return collator.compare(a, b);
}
