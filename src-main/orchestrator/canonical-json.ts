import { createHash } from 'node:crypto';
import type { Sha256 } from '../../src-shared/domain/hash.ts';

/** JSON with the keys of every object in order, so that equal values have equal text and one hash. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** Hash of a text: of a value, take that of its canonical JSON. */
export function hashOfText(text: string): Sha256 {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
