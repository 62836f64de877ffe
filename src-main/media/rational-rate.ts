import type { FrameRate } from '../../src-shared/domain/timecode.ts';

const tolerance = 2e-5;

/** The rational that a measured rate stands for: 23.976024 → 24000/1001; null for what is no frame rate. */
export function toRationalRate(framesPerSecond: number): FrameRate | null {
  if (!Number.isFinite(framesPerSecond) || framesPerSecond < 0.01 || framesPerSecond > 1000) return null;
  const whole = Math.round(framesPerSecond);
  if (whole > 0 && isNear(framesPerSecond, whole)) return { num: whole, den: 1 };
  const ntsc = Math.round((framesPerSecond * 1001) / 1000);
  if (ntsc > 0 && isNear(framesPerSecond, (ntsc * 1000) / 1001)) return { num: ntsc * 1000, den: 1001 };
  for (let den = 2; den <= 1001; den += 1) {
    const num = Math.round(framesPerSecond * den);
    if (num > 0 && Math.abs(framesPerSecond - num / den) / framesPerSecond < 1e-9) return { num, den };
  }
  const num = Math.round(framesPerSecond * 1000);
  return num > 0 ? { num, den: 1000 } : null;
}

/** `30000/1001` as ffprobe writes it; null for `0/0` and for the 1000-a-second time bases that pass for a rate. */
export function parseRate(text: string | undefined): FrameRate | null {
  const match = /^(\d+)\/(\d+)$/.exec(text ?? '');
  const [num, den] = [Number(match?.[1]), Number(match?.[2])];
  if (!(num > 0 && den > 0) || num / den > 1000) return null;
  return toRationalRate(num / den);
}

function isNear(measured: number, candidate: number): boolean {
  return Math.abs(measured - candidate) / candidate < tolerance;
}
