/** From the words of providers to sizes in pixels. */
import { even } from './media-arguments.ts';

export interface Size {
  width: number;
  height: number;
}

/** "16:9" at 720 lines is 1280×720, "9:16" is 720×1280: the shorter side has the lines. */
export function sizeOf(aspect: string, lines: number): Size {
  const [across = 16, down = 9] = aspect.split(':').map(Number);
  if (!(across > 0 && down > 0)) return sizeOf('16:9', lines);
  return across >= down
    ? { width: even((lines * across) / down), height: even(lines) }
    : { width: even(lines), height: even((lines * down) / across) };
}

/** "720p" → 720, "4k" → 2160; anything else has 720. */
export function linesOf(resolution: string | undefined): number {
  if (resolution?.toLowerCase() === '4k') return 2160;
  const read = Number.parseInt(resolution ?? '', 10);
  return Number.isNaN(read) ? 720 : read;
}

/** Whether GPT Image makes pictures of a size: sides in sixteens, no longer than three to one, neither small nor huge. */
export function isGptImageSize({ width, height }: Size): boolean {
  const [long, short, pixels] = [Math.max(width, height), Math.min(width, height), width * height];
  const fits = long <= 3840 && long <= 3 * short && pixels >= 655_360 && pixels <= 8_294_400;
  return fits && width % 16 === 0 && height % 16 === 0;
}

/** The size of a PNG or JPEG from its head; null for anything else. */
export function pictureSize(picture: Uint8Array): Size | null {
  const bytes = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
  if (bytes.byteLength > 24 && bytes.toString('latin1', 1, 4) === 'PNG') {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.byteLength < 4 || bytes.readUInt16BE(0) !== 0xff_d8) return null;
  for (let at = 2; at + 9 < bytes.byteLength; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
  }
  return null;
}

/** Whether bytes are a picture of a kind that engines read: PNG, JPEG or WebP. */
export function isPicture(bytes: Uint8Array): boolean {
  const isWebp = Buffer.from(bytes.subarray(0, 12)).toString('latin1').startsWith('WEBP', 8);
  return isWebp || pictureSize(bytes) !== null;
}

/** The aspect of a picture as "w:h"; null when it cannot be read. */
export function aspectOf(picture: Uint8Array | undefined): string | null {
  const size = picture ? pictureSize(picture) : null;
  return size ? `${size.width}:${size.height}` : null;
}
