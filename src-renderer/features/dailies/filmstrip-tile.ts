/** Which tile of a filmstrip shows a moment, and where it lies in the sprite. Pure. */
import type { Filmstrip } from '../../../src-shared/domain/media.ts';

export interface TilePlace {
  index: number;
  /** of the sprite, in tiles */
  column: number;
  row: number;
}

/** The tile for a moment of the clip; the first before its start, the last after its end. */
export function tileAtSeconds(strip: Filmstrip, seconds: number): TilePlace {
  return tileAt(strip, Math.floor(seconds / strip.secondsPerTile + 1e-6));
}

/** The tile for a place along the strip, 0 to 1. */
export function tileAtFraction(strip: Filmstrip, fraction: number): TilePlace {
  return tileAt(strip, Math.floor(fraction * strip.tileCount));
}

/** Size and offset of the sprite so that a box of the given size shows exactly one tile. */
export function spriteStyle(strip: Filmstrip, tile: TilePlace, box: { width: number; height: number }) {
  return {
    backgroundSize: `${strip.columns * box.width}px ${strip.rows * box.height}px`,
    backgroundPosition: `${place(tile.column, box.width)}px ${place(tile.row, box.height)}px`,
  };
}

/** The largest box of the tile's shape inside another box. */
export function tileBox(strip: Filmstrip, room: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(room.width / strip.tileWidth, room.height / strip.tileHeight);
  return { width: Math.round(strip.tileWidth * scale), height: Math.round(strip.tileHeight * scale) };
}

function tileAt(strip: Filmstrip, wanted: number): TilePlace {
  const index = Math.max(0, Math.min(Number.isFinite(wanted) ? wanted : 0, strip.tileCount - 1));
  return { index, column: index % strip.columns, row: Math.floor(index / strip.columns) };
}

function place(tile: number, size: number): number {
  return tile === 0 ? 0 : -tile * size;
}
