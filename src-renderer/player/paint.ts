import type { Picture, PictureRect } from './player-types.ts';

export interface PaintRequest {
  picture: Picture;
  /** where the upright picture goes, in the canvas's pixels */
  rect: PictureRect;
  /** clockwise degrees */
  rotation: number;
}

/** Clears a canvas and draws one picture upright into its rectangle. */
export function paintPicture(context: CanvasRenderingContext2D, request: PaintRequest): void {
  const { picture, rect, rotation } = request;
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const isEnlarged = rect.width > pictureWidth(picture) * 2;
  context.imageSmoothingEnabled = !isEnlarged;
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

function pictureWidth(picture: Picture): number {
  return picture instanceof ImageBitmap ? picture.width : picture.displayWidth;
}
