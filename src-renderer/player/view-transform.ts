import type { PictureRect, ViewTransform } from './player-types.ts';

export interface Size {
  width: number;
  height: number;
}

export const fitView: ViewTransform = { mode: 'fit', zoom: 1, centerX: 0.5, centerY: 0.5 };

const mostZoom = 32;
const leastZoom = 0.1;

/** The scale at which a whole picture just fits. */
function fitScale(picture: Size, canvas: Size): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  return Math.min(canvas.width / picture.width, canvas.height / picture.height);
}

/** How much larger than fit a view shows the picture; at 1:1 a pixel of the reference picture is one of the canvas. */
export function zoomOf(view: ViewTransform, reference: Size, canvas: Size): number {
  switch (view.mode) {
    case 'fit':
      return 1;
    case 'actual':
      return 1 / Math.max(1e-6, fitScale(reference, canvas));
    case 'free':
      return view.zoom;
  }
}

/** Where a picture lies on a canvas, in the canvas's pixels. Every pane fits its own picture and shares the zoom. */
export function placePicture(picture: Size, canvas: Size, view: ViewTransform, zoom: number): PictureRect {
  const scale = fitScale(picture, canvas) * zoom;
  const width = picture.width * scale;
  const height = picture.height * scale;
  const centerX = view.mode === 'fit' ? 0.5 : view.centerX;
  const centerY = view.mode === 'fit' ? 0.5 : view.centerY;
  return { x: canvas.width / 2 - centerX * width, y: canvas.height / 2 - centerY * height, width, height };
}

/** The view after zooming by a factor with the point of the picture under the cursor kept in place. */
export function zoomAt(
  view: ViewTransform,
  factor: number,
  at: { rect: PictureRect; x: number; y: number; zoom: number },
): ViewTransform {
  const zoom = Math.min(mostZoom, Math.max(leastZoom, at.zoom * factor));
  const applied = zoom / at.zoom;
  const centerX = view.mode === 'fit' ? 0.5 : view.centerX;
  const centerY = view.mode === 'fit' ? 0.5 : view.centerY;
  const underX = (at.x - at.rect.x) / at.rect.width;
  const underY = (at.y - at.rect.y) / at.rect.height;
  return {
    mode: 'free',
    zoom,
    centerX: underX + (centerX - underX) / applied,
    centerY: underY + (centerY - underY) / applied,
  };
}

/** The view after dragging the picture by some pixels of its canvas; the centre stays on the picture. */
export function panBy(
  view: ViewTransform,
  by: { dx: number; dy: number; rect: PictureRect; zoom: number },
): ViewTransform {
  return {
    mode: view.mode === 'fit' ? 'free' : view.mode,
    zoom: by.zoom,
    centerX: clampUnit((view.mode === 'fit' ? 0.5 : view.centerX) - by.dx / by.rect.width),
    centerY: clampUnit((view.mode === 'fit' ? 0.5 : view.centerY) - by.dy / by.rect.height),
  };
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
