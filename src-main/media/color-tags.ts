// Colour tags for what is made from a take. A smaller copy of an untagged film would be shown in other colours than the
// film itself, because players guess from the height; so the guess for the original is written into the copy.
import type { Size } from './fit-sizes.ts';

/** `tagged`: the stream says its matrix, ffmpeg carries it along. */
export type ColorMatrix = 'tagged' | 'untagged' | 'rgb';

/** Height from which Chromium takes an untagged film for BT.709 (seen in 156: 576 and 640 lines are BT.601, 720 are not). */
const hdHeight = 720;

/** Filters to put before the scaler; empty when the stream's own tags are right. */
export function colorFilters(matrix: ColorMatrix, coded: Size): string {
  if (matrix !== 'untagged') return '';
  const name = coded.height >= hdHeight ? 'bt709' : 'smpte170m';
  return `setparams=colorspace=${name}:color_primaries=${name}:color_trc=${name},`;
}

/** Scaler options and what follows, where RGB becomes YUV and needs a matrix of its own. */
export function rgbConversion(matrix: ColorMatrix): { scale: string; after: string } {
  if (matrix !== 'rgb') return { scale: '', after: '' };
  return { scale: ':out_color_matrix=bt709', after: ',setparams=colorspace=bt709' };
}
