// Makes the poster of a picture and measures it, by sharp alone.
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import type { StillMetrics } from '../../src-shared/domain/media-metrics.ts';
import { laplacianVariance } from './frame-meter.ts';
import { preparedNames } from './preparation-plan.ts';
import type { Preparation } from './prepare-clip.ts';
import { firstLine, maxStillPixels, readStillBytes } from './read-still.ts';

/** Long side of a picture's poster: sharp in a viewer of 1440 pixels, light in a list. */
const posterLongSide = 1280;

/** Decodes a picture fully, writes its poster into the folder and gives its figures. */
export async function prepareStill(
  path: string,
  probe: MediaProbe,
  folder: string,
): Promise<Preparation<StillMetrics>> {
  if (probe.playability === 'unreadable') return nothingMade(probe.problem ?? 'The picture cannot be decoded.');
  const bytes = await readStillBytes(path, probe.sizeBytes);
  if (bytes === null) return nothingMade('The picture file is too large to open.');
  try {
    const metrics = await measureStill(bytes);
    await decode(bytes)
      .resize({ width: posterLongSide, height: posterLongSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#808080' })
      .jpeg({ quality: 85 })
      .toFile(join(folder, preparedNames.poster));
    return { prepared: { poster: true, filmstrip: null, proxy: false }, metrics };
  } catch (error) {
    if (error instanceof Error && /ENOSPC|No space left/i.test(error.message)) {
      throw Object.assign(new Error(error.message), { code: 'ENOSPC' });
    }
    return nothingMade(`The picture is damaged: ${firstLine(error)}.`);
  }
}

async function measureStill(bytes: Buffer): Promise<StillMetrics> {
  const { data, info } = await decode(bytes)
    .resize({ width: 640, height: 640, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#808080' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const count = info.width * info.height;
  let sum = 0;
  let squares = 0;
  let black = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
    if (value < 26) black += 1;
  }
  const luma = sum / count;
  return {
    kind: 'still',
    decode: { ok: true, message: null },
    luma: round(luma),
    lumaDeviation: round(Math.sqrt(Math.max(0, squares / count - luma * luma))),
    black: round(black / count),
    sharpness: round(laplacianVariance(data, info.width, info.height)),
  };
}

function decode(bytes: Buffer): Sharp {
  return sharp(bytes, { limitInputPixels: maxStillPixels, failOn: 'error' }).autoOrient();
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function nothingMade(reason: string): Preparation<StillMetrics> {
  return {
    prepared: { poster: false, filmstrip: null, proxy: false },
    metrics: {
      kind: 'still',
      decode: { ok: false, message: reason },
      luma: null,
      lumaDeviation: null,
      black: null,
      sharpness: null,
    },
  };
}
