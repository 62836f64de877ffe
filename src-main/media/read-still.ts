// Reads pictures with sharp. Only raster formats that were recognised by content get here; bytes are handed over, never
// a name (libvips takes options from names such as `x.png[…]`), and giants are refused before a pixel is decoded.
import { readFile } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import { toFileError } from '../platform/atomic-file.ts';

/** 100 megapixels: above any camera or generator, below what eats the memory. */
export const maxStillPixels = 100_000_000;
const maxStillBytes = 256 * 1024 * 1024;

export interface StillHead extends Pick<MediaProbe, 'width' | 'height' | 'rotation' | 'problem'> {
  animated: boolean;
}

/** The bytes of a picture file, when it is not too large for one. */
export async function readStillBytes(path: string, sizeBytes: number): Promise<Buffer | null> {
  if (sizeBytes > maxStillBytes) return null;
  return readFile(path).catch((error: unknown) => {
    throw toFileError(error, path);
  });
}

/** Size and turn of a picture from its head; `problem` when it is broken or too large. */
export async function readStillHead(bytes: Buffer): Promise<StillHead> {
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
  } catch (error) {
    return { ...emptyHead, problem: `The picture is broken: ${firstLine(error)}.` };
  }
  const { width, height } = metadata.autoOrient;
  const head = {
    width: width || null,
    height: height || null,
    rotation: turnOf(metadata.orientation),
    animated: (metadata.pages ?? 1) > 1 && metadata.format !== 'heif',
  };
  return { ...head, problem: describeSize(width, height) };
}

export const emptyHead: StillHead = { width: null, height: null, rotation: 0, animated: false, problem: null };

function describeSize(width: number, height: number): string | null {
  if (!(width > 0 && height > 0)) return 'The picture is broken: it has no size.';
  if (width * height <= maxStillPixels) return null;
  return `The picture claims ${width} × ${height} pixels, more than the ${maxStillPixels / 1e6} megapixels that are opened.`;
}

/** Clockwise degrees of an EXIF orientation; mirrored ones keep their turn. */
function turnOf(orientation: number | undefined): StillHead['rotation'] {
  if (orientation === 3 || orientation === 4) return 180;
  if (orientation === 6 || orientation === 5) return 90;
  return orientation === 8 || orientation === 7 ? 270 : 0;
}

export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').replace(/[.:\s]+$/, '');
}
