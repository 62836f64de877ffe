// Figures of grey frames as they stream by: mean luma, change to the frame before, share of black. Full-range bytes.

/** A pixel below this is black: ffmpeg's blackdetect with pix_th=0.10. */
const blackBelow = 26;

export interface FrameFigures {
  luma: number[];
  change: (number | null)[];
  black: number[];
}

export interface FrameMeter {
  push(chunk: Uint8Array): void;
  readonly frameCount: number;
  figures(): FrameFigures;
}

/** Meters raw 8-bit frames of `frameBytes` each, however the stream is cut into chunks. */
export function createFrameMeter(frameBytes: number): FrameMeter {
  const figures: FrameFigures = { luma: [], change: [], black: [] };
  let current = new Uint8Array(frameBytes);
  let previous = new Uint8Array(frameBytes);
  let filled = 0;

  const finishFrame = () => {
    const isFirst = figures.luma.length === 0;
    const { mean, change, black } = measureFrame(current, previous);
    figures.luma.push(round(mean));
    figures.change.push(isFirst ? null : round(change));
    figures.black.push(round(black));
    [current, previous] = [previous, current];
    filled = 0;
  };

  return {
    push(chunk) {
      let offset = 0;
      while (offset < chunk.length) {
        const take = Math.min(frameBytes - filled, chunk.length - offset);
        current.set(chunk.subarray(offset, offset + take), filled);
        filled += take;
        offset += take;
        if (filled === frameBytes) finishFrame();
      }
    },
    get frameCount() {
      return figures.luma.length;
    },
    figures: () => figures,
  };
}

function measureFrame(frame: Uint8Array, previous: Uint8Array) {
  let sum = 0;
  let difference = 0;
  let black = 0;
  for (let index = 0; index < frame.length; index += 1) {
    const value = frame[index] as number;
    sum += value;
    if (value < blackBelow) black += 1;
    difference += Math.abs(value - (previous[index] as number));
  }
  const size = frame.length;
  return { mean: sum / size, change: difference / size, black: black / size };
}

/** Variance of the Laplacian of one grey picture: low for soft, high for crisp. */
export function laplacianVariance(pixels: Uint8Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1, at = y * width + 1; x < width - 1; x += 1, at += 1) {
      const value =
        (pixels[at - 1] as number) +
        (pixels[at + 1] as number) +
        (pixels[at - width] as number) +
        (pixels[at + width] as number) -
        4 * (pixels[at] as number);
      sum += value;
      squares += value * value;
    }
  }
  const count = Math.max(0, width - 2) * Math.max(0, height - 2);
  if (count === 0) return 0;
  const mean = sum / count;
  return squares / count - mean * mean;
}

/** Three digits are plenty for thresholds of .05 and keep the record small. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
