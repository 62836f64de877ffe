import { expect, it } from 'vitest';
import { contentTypeOf, sniffFile } from '../../../../src-main/providers/http/sniff-file.ts';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

it.each([
  ['.png', bytes([0x89], 'PNG\r\n')],
  ['.jpg', bytes([0xff, 0xd8, 0xff, 0xe0])],
  ['.webp', bytes('RIFF', [1, 0, 0, 0], 'WEBPVP8 ')],
  ['.gif', bytes('GIF89a')],
  ['.mp4', bytes([0, 0, 0, 24], 'ftypisom')],
  ['.mp4', bytes([0, 0, 0, 24], 'ftypmp42')],
  ['.mov', bytes([0, 0, 0, 20], 'ftypqt  ')],
  ['.mov', bytes([0, 0, 1, 0], 'moov')],
  ['.webm', bytes([0x1a, 0x45, 0xdf, 0xa3])],
  ['text', bytes('<!DOCTYPE html>')],
  ['text', bytes('{"error":1}')],
  ['text', Buffer.from('Gruß aus dem Rechenzentrum, später wieder')],
  ['unknown', bytes([0, 1, 2, 3])],
  ['unknown', bytes('RIFF', [1, 0, 0, 0], 'WAVE')],
  ['unknown', Buffer.alloc(0)],
] as const)('is %s', (kind, head) => {
  expect(sniffFile(head)).toBe(kind);
});

it('has a media type for what a provider takes', () => {
  expect(contentTypeOf('.jpg')).toBe('image/jpeg');
  expect(contentTypeOf('text')).toBeNull();
});
