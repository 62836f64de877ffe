import { z } from 'zod';

/** SHA-256 of the bytes, always whole: `sha256:` and 64 lower-case hex digits. */
export const sha256Schema = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a SHA-256 is written sha256:<64 hex digits>');
export type Sha256 = z.infer<typeof sha256Schema>;

/** The bare hex digits of a hash, for folder and file names. */
export function hexOf(hash: Sha256): string {
  return hash.slice('sha256:'.length);
}

/** The first twelve hex digits: enough for a person to tell two files apart, never used to compare them. */
export function shortHash(hash: Sha256): string {
  return hexOf(hash).slice(0, 12);
}
