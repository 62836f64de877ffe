/** What is painted on the screen, read from its pixels: the frame number in the burnt-in bar code of a pane. */
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { stripLayout } from '../../../src-main/providers/embedded/burn-in.ts';
import { readFrameCode } from '../../fixtures/read-frame-code.ts';

export interface PictureSize {
  width: number;
  height: number;
}

/** Frame numbers painted in the first `panes` panes, all from one screenshot; null where no bar code is to be seen. */
export async function readPaintedFrames(page: Page, picture: PictureSize, panes: number): Promise<(number | null)[]> {
  const boxes: { x: number; y: number; width: number; height: number }[] = [];
  for (let index = 0; index < panes; index++) {
    const box = await page.locator('canvas[data-painted-frame], canvas').nth(index).boundingBox();
    if (!box) throw new Error(`pane ${index} is not on the screen`);
    boxes.push(box);
  }
  const screen = await sharp(await page.screenshot())
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return boxes.map((box) => {
    const scale = Math.min(box.width / picture.width, box.height / picture.height);
    const left = Math.round(box.x + (box.width - picture.width * scale) / 2);
    const top = Math.round(box.y + (box.height - picture.height * scale) / 2);
    const pixels = screen.data.subarray(top * screen.info.width + left);
    const stripTop = picture.height - stripLayout(picture.width).height;
    return readFrameCode({ width: screen.info.width, pixels }, { pictureWidth: picture.width, stripTop, scale });
  });
}
