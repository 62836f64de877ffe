/**
 * The burn-in of an animatic, drawn with a bitmap face of its own so that it needs no font and is equal on every
 * machine: a slate line, and for clips one strip a frame with timecode, frame number and a bar code of that number.
 */
import { type FrameRate, formatTimecode } from '../../../src-shared/domain/timecode.ts';

/** Five rows of three bits each, top first. */
const glyphs: Record<string, [number, number, number, number, number]> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 3, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 2, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  A: [2, 5, 7, 5, 5],
  B: [6, 5, 6, 5, 6],
  C: [3, 4, 4, 4, 3],
  D: [6, 5, 5, 5, 6],
  E: [7, 4, 6, 4, 7],
  F: [7, 4, 6, 4, 4],
  G: [3, 4, 5, 5, 3],
  H: [5, 5, 7, 5, 5],
  I: [7, 2, 2, 2, 7],
  J: [1, 1, 1, 5, 2],
  K: [5, 5, 6, 5, 5],
  L: [4, 4, 4, 4, 7],
  M: [5, 7, 7, 5, 5],
  N: [6, 5, 5, 5, 5],
  O: [2, 5, 5, 5, 2],
  P: [6, 5, 6, 4, 4],
  Q: [2, 5, 5, 6, 3],
  R: [6, 5, 6, 5, 5],
  S: [3, 4, 2, 1, 6],
  T: [7, 2, 2, 2, 2],
  U: [5, 5, 5, 5, 7],
  V: [5, 5, 5, 5, 2],
  W: [5, 5, 7, 7, 5],
  X: [5, 5, 2, 5, 5],
  Y: [5, 5, 2, 2, 2],
  Z: [7, 1, 2, 4, 7],
  ':': [0, 2, 0, 2, 0],
  ';': [0, 2, 0, 2, 4],
  '.': [0, 0, 0, 0, 2],
  '-': [0, 0, 7, 0, 0],
  '/': [1, 1, 2, 4, 4],
  _: [0, 0, 0, 0, 7],
  ' ': [0, 0, 0, 0, 0],
};

/** A grey picture, one byte a pixel. */
export interface GreyPicture {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Bits of the bar code: frame numbers up to 65,535. */
export const frameCodeBits = 16;

/** Where a strip stands in a picture and how it is divided; tests read frame numbers back from painted pixels by it. */
export function stripLayout(pictureWidth: number) {
  const scale = Math.max(2, Math.round(pictureWidth / 240));
  const height = scale * 9;
  const cell = Math.max(2, Math.floor((pictureWidth * 0.4) / (frameCodeBits + 2)));
  return { scale, height, cell, codeWidth: cell * (frameCodeBits + 2) };
}

/** The strip of frame `frame`: timecode and number at the left, the bar code at the right. */
export function drawFrameStrip(pictureWidth: number, frame: number, rate: FrameRate, label: string): GreyPicture {
  const { scale, height, cell, codeWidth } = stripLayout(pictureWidth);
  const strip: GreyPicture = { width: pictureWidth, height, pixels: new Uint8Array(pictureWidth * height).fill(16) };
  const text = `${formatTimecode(frame, rate)} F${String(frame).padStart(4, '0')} ${label}`;
  drawText(strip, text, { x: scale * 2, y: scale * 2, scale });
  drawFrameCode(strip, frame, { x: pictureWidth - codeWidth - scale * 2, cell });
  return strip;
}

/** The slate line of a still: what it is, on one strip. */
export function drawSlateStrip(pictureWidth: number, text: string): GreyPicture {
  const { scale, height } = stripLayout(pictureWidth);
  const strip: GreyPicture = { width: pictureWidth, height, pixels: new Uint8Array(pictureWidth * height).fill(16) };
  drawText(strip, text, { x: scale * 2, y: scale * 2, scale });
  return strip;
}

function drawText(target: GreyPicture, text: string, at: { x: number; y: number; scale: number }): void {
  let left = at.x;
  for (const character of text.toUpperCase()) {
    const glyph = glyphs[character] ?? glyphs[' '];
    glyph?.forEach((bits, row) => {
      for (let column = 0; column < 3; column++) {
        if (bits & (4 >> column))
          fill(target, left + column * at.scale, at.y + row * at.scale, at.scale, at.scale, 235);
      }
    });
    left += at.scale * 4;
  }
}

/** White, then the bits from the highest to the lowest, then black: the ends say where it is and that it is whole. */
function drawFrameCode(target: GreyPicture, frame: number, at: { x: number; cell: number }): void {
  const top = Math.floor(target.height / 4);
  const tall = Math.ceil(target.height / 2);
  fill(target, at.x, top, at.cell, tall, 235);
  for (let bit = 0; bit < frameCodeBits; bit++) {
    const set = (frame >> (frameCodeBits - 1 - bit)) & 1;
    fill(target, at.x + (bit + 1) * at.cell, top, at.cell, tall, set ? 235 : 16);
  }
}

function fill(target: GreyPicture, x: number, y: number, width: number, height: number, value: number): void {
  for (let row = y; row < Math.min(y + height, target.height); row++) {
    const start = row * target.width + x;
    target.pixels.fill(value, start, Math.min(start + width, (row + 1) * target.width));
  }
}
