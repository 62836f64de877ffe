import type { Filmstrip } from '../../src-shared/domain/media.ts';

export interface Size {
  width: number;
  height: number;
}

const proxyShortSide = 540;
const tileBox: Size = { width: 480, height: 160 };
const longestFilmstrip = 100;
const shortestTileMs = 200;

/** The proxy: short side 540 at most, never larger than the original, even as 4:2:0 needs it. */
export function fitProxy(shown: Size): Size {
  const scale = Math.min(1, proxyShortSide / Math.min(shown.width, shown.height));
  return evenSize(shown.width * scale, shown.height * scale);
}

/** As many pixels as `area` at the same aspect, never more than there are. */
export function fitArea(shown: Size, area: number): Size {
  const scale = Math.min(1, Math.sqrt(area / (shown.width * shown.height)));
  return evenSize(shown.width * scale, shown.height * scale);
}

/** Tiles of 160 pixels height every 0.2 s, further apart when that would be more than 100. */
export function layOutFilmstrip(shown: Size, durationSeconds: number, frameCount: number | null): Filmstrip {
  const tileMs = Math.max(shortestTileMs, Math.ceil((durationSeconds * 1000) / longestFilmstrip));
  const secondsPerTile = tileMs / 1000;
  const lastFrameSeconds = frameCount && frameCount > 0 ? durationSeconds * (1 - 1 / frameCount) : durationSeconds;
  const tileCount = Math.min(longestFilmstrip, Math.floor(lastFrameSeconds / secondsPerTile + 1e-6) + 1);
  const columns = Math.min(10, tileCount);
  const scale = Math.min(tileBox.width / shown.width, tileBox.height / shown.height);
  const tile = evenSize(shown.width * scale, shown.height * scale);
  return {
    columns,
    rows: Math.ceil(tileCount / columns),
    tileWidth: tile.width,
    tileHeight: tile.height,
    secondsPerTile,
    tileCount,
  };
}

function evenSize(width: number, height: number): Size {
  const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);
  return { width: even(width), height: even(height) };
}
