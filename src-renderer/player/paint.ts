import type { Picture, PictureRect } from './player-types.ts';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface PaintRequest {
  picture: Picture;
  /** where the upright picture goes, in the canvas's pixels */
  rect: PictureRect;
  /** clockwise degrees */
  rotation: number;
}

/** Clears a canvas and draws one picture upright into its rectangle. */
export function paintPicture(context: Context, request: PaintRequest): void {
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  drawUpright(context, request);
}

/** Draws one picture upright into its rectangle, over what is there: for surfaces that combine several. */
function drawUpright(context: Context, { picture, rect, rotation }: PaintRequest): void {
  // Past twice their size pixels are judged one by one, not blurred into each other.
  context.imageSmoothingEnabled = rect.width <= pictureWidth(picture) * 2;
  context.imageSmoothingQuality = 'medium';
  if (rotation === 0) {
    context.drawImage(picture, rect.x, rect.y, rect.width, rect.height);
    return;
  }
  const isSideways = rotation % 180 !== 0;
  const drawnWidth = isSideways ? rect.height : rect.width;
  const drawnHeight = isSideways ? rect.width : rect.height;
  context.translate(rect.x + rect.width / 2, rect.y + rect.height / 2);
  context.rotate((rotation * Math.PI) / 180);
  context.drawImage(picture, -drawnWidth / 2, -drawnHeight / 2, drawnWidth, drawnHeight);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** A frame as a PNG of its own full size, upright. */
export function encodePicture(
  picture: Picture,
  rotation: number,
  size: { width: number; height: number },
): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas can be made to draw the frame on.');
  paintPicture(context, { picture, rotation, rect: { x: 0, y: 0, ...size } });
  return canvas.convertToBlob({ type: 'image/png' });
}

function pictureWidth(picture: Picture): number {
  return picture instanceof ImageBitmap ? picture.width : picture.displayWidth;
}
