/**
 * The canvas of a pane. Follows its element's size in device pixels and publishes what is on it as data attributes,
 * written after the pixels: `data-painted-frame` and `data-painted-source` never run ahead of the picture.
 */
import { paintPicture } from './paint.ts';
import type { Picture, PictureOrigin, PictureRect, ViewTransform } from './player-types.ts';
import type { Size } from './view-transform.ts';
import { fitView, placePicture } from './view-transform.ts';

export interface SurfacePaint {
  picture: Picture;
  frame: number;
  origin: PictureOrigin;
  rotation: number;
}

export class PaneSurface {
  paintedFrame: number | null = null;
  paintedOrigin: PictureOrigin | null = null;
  pictureSize: Size | null = null;
  view: ViewTransform = fitView;
  zoom = 1;
  /** called when the canvas has a new size and is blank, with the frame that was on it */
  onResize: (lostFrame: number | null) => void = () => undefined;
  #canvas: HTMLCanvasElement | null = null;
  #context: CanvasRenderingContext2D | null = null;
  #observer: ResizeObserver | null = null;
  #rect: PictureRect | null = null;

  get canvas(): HTMLCanvasElement | null {
    return this.#canvas;
  }

  /** size of the canvas in its own pixels */
  get canvasSize(): Size | null {
    return this.#canvas ? { width: this.#canvas.width, height: this.#canvas.height } : null;
  }

  /** width of the whole picture in the canvas's pixels */
  get pictureWidth(): number | null {
    return this.#placement()?.width ?? null;
  }

  /** Where the whole picture lies, in CSS pixels; the same object while nothing moves. */
  get pictureRect(): PictureRect | null {
    const rect = this.#placement();
    if (!rect || !this.#canvas) return null;
    const ratio = this.#pixelRatio();
    const next = { x: rect.x / ratio, y: rect.y / ratio, width: rect.width / ratio, height: rect.height / ratio };
    if (!this.#rect || !sameRect(this.#rect, next)) this.#rect = next;
    return this.#rect;
  }

  /** Draws on a canvas from now on. */
  attach(canvas: HTMLCanvasElement): void {
    this.detach();
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#observer = new ResizeObserver(() => this.#fitToElement());
    this.#observer.observe(canvas);
    this.#fitToElement();
  }

  /** False when there is no canvas to draw on. */
  paint(request: SurfacePaint): boolean {
    const rect = this.#placement();
    if (!rect || !this.#context) return false;
    paintPicture(this.#context, { picture: request.picture, rect, rotation: request.rotation });
    this.#setPainted(request.frame, request.origin);
    return true;
  }

  /** Lets the canvas go. */
  detach(): void {
    this.#setPainted(null, null);
    this.#observer?.disconnect();
    this.#observer = null;
    this.#canvas = null;
    this.#context = null;
  }

  clear(): void {
    this.pictureSize = null;
    this.#context?.clearRect(0, 0, this.#canvas?.width ?? 0, this.#canvas?.height ?? 0);
    this.#setPainted(null, null);
  }

  dispose(): void {
    this.clear();
    this.detach();
  }

  #placement(): PictureRect | null {
    const size = this.canvasSize;
    if (!size || !this.pictureSize) return null;
    return placePicture(this.pictureSize, size, this.view, this.zoom);
  }

  #fitToElement(): void {
    const canvas = this.#canvas;
    if (!canvas) return;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width === width && canvas.height === height) return;
    const lostFrame = this.paintedFrame;
    canvas.width = width;
    canvas.height = height;
    this.#setPainted(null, null);
    this.onResize(lostFrame);
  }

  #pixelRatio(): number {
    const canvas = this.#canvas;
    return canvas && canvas.clientWidth > 0 ? canvas.width / canvas.clientWidth : 1;
  }

  #setPainted(frame: number | null, origin: PictureOrigin | null): void {
    this.paintedFrame = frame;
    this.paintedOrigin = origin;
    const data = this.#canvas?.dataset;
    if (!data) return;
    if (frame === null || origin === null) {
      delete data.paintedFrame;
      delete data.paintedSource;
      return;
    }
    data.paintedSource = origin;
    data.paintedFrame = String(frame);
  }
}

function sameRect(a: PictureRect, b: PictureRect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
