/** What is painted on the screen, read from its pixels: the frame number in the burnt-in bar code of a pane. */
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { stripLayout } from '../../../src-main/providers/embedded/burn-in.ts';
import { readFrameCode } from '../../fixtures/read-frame-code.ts';

export interface PictureSize {
  width: number;
  height: number;
}

/**
 * Frame numbers painted in the first `panes` panes, all from one screenshot; null where no bar code is to be seen. Only the
 * rows of the codes are taken: a picture of the whole screen costs a second on a busy machine.
 */
export async function readPaintedFrames(page: Page, picture: PictureSize, panes: number): Promise<(number | null)[]> {
  const codes: { left: number; row: number; right: number; scale: number }[] = [];
  for (let index = 0; index < panes; index++) {
    const box = await page.locator('canvas[data-painted-frame], canvas').nth(index).boundingBox();
    if (!box) throw new Error(`pane ${index} is not on the screen`);
    const scale = Math.min(box.width / picture.width, box.height / picture.height);
    const left = Math.round(box.x + (box.width - picture.width * scale) / 2);
    const top = Math.round(box.y + (box.height - picture.height * scale) / 2);
    const middle = picture.height - stripLayout(picture.width).height / 2;
    codes.push({ left, row: top + Math.round(middle * scale), right: left + picture.width * scale, scale });
  }
  const x = Math.min(...codes.map(({ left }) => left));
  const y = Math.min(...codes.map(({ row }) => row));
  const width = Math.ceil(Math.max(...codes.map(({ right }) => right)) - x);
  const height = Math.max(...codes.map(({ row }) => row)) - y + 1;
  const rows = await sharp(await page.screenshot({ clip: { x, y, width, height } }))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return codes.map(({ left, row, scale }) => {
    const pixels = rows.data.subarray((row - y) * rows.info.width + left - x);
    const stripTop = -stripLayout(picture.width).height / 2;
    return readFrameCode({ width: rows.info.width, pixels }, { pictureWidth: picture.width, stripTop, scale });
  });
}
