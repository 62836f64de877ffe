/**
 * Makes equal files differ without drawing them again: a mark where players do not look. Takes are told apart by the hash of
 * their bytes, and a real engine never answers with the same ones twice.
 */
import { crc32 } from 'node:zlib';
import type { MediaWish } from '../core/job.ts';

/** A copy that carries the mark and plays as before. */
export function withMark(
  file: Uint8Array,
  format: MediaWish['format'],
  mark: string,
  /** further text chunks of a PNG, by keyword */
  texts: Readonly<Record<string, string>> = {},
): Buffer {
  const text = Buffer.from(mark, 'latin1');
  switch (format) {
    case 'mp4':
      return Buffer.concat([file, freeBox(text)]);
    case 'png': {
      const end = file.byteLength - pngEndBytes;
      const chunks = Object.entries({ ...texts, Comment: mark }).map(([keyword, value]) => pngText(keyword, value));
      return Buffer.concat([file.subarray(0, end), ...chunks, file.subarray(end)]);
    }
    case 'jpeg':
      return Buffer.concat([file.subarray(0, 2), jpegComment(text), file.subarray(2)]);
  }
}

/** IEND: length, name, no data, checksum */
const pngEndBytes = 12;

function freeBox(text: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + text.byteLength, 0);
  head.write('free', 4, 'latin1');
  return Buffer.concat([head, text]);
}

function pngText(keyword: string, value: string): Buffer {
  const named = Buffer.from(`tEXt${keyword}\0${value}`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(named.byteLength - 4, 0);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named), 0);
  return Buffer.concat([length, named, checksum]);
}

function jpegComment(text: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(2 + text.byteLength, 2);
  return Buffer.concat([head, text]);
}
