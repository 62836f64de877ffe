import { z } from 'zod';

/** A frame rate is a rational, never a float: 24000/1001, not 23.976. */
export const frameRateSchema = z.object({ num: z.number().int().positive(), den: z.number().int().positive() });
export type FrameRate = z.infer<typeof frameRateSchema>;

/** Frames counted in one second of timecode: 24 for 23.976, 30 for 29.97. */
export function nominalRate(rate: FrameRate): number {
  return Math.round(rate.num / rate.den);
}

/** Drop-frame exists for 29.97 and 59.94 alone. */
export function supportsDropFrame(rate: FrameRate): boolean {
  return rate.den === 1001 && (rate.num === 30_000 || rate.num === 60_000);
}

/** Seconds at which a frame starts. */
export function frameToSeconds(frame: number, rate: FrameRate): number {
  return (frame * rate.den) / rate.num;
}

/** The frame that is on screen at a time; half a microsecond of slack absorbs container rounding. */
export function secondsToFrame(seconds: number, rate: FrameRate): number {
  return Math.floor(((seconds + 5e-7) * rate.num) / rate.den);
}

/** SMPTE timecode of a frame count; drop-frame (`;`) skips the labels 0 and 1 of each minute but every tenth. */
export function formatTimecode(frame: number, rate: FrameRate, dropFrame: 'drop' | 'non-drop' = 'non-drop'): string {
  const nominal = nominalRate(rate);
  const drops = dropFrame === 'drop' && supportsDropFrame(rate);
  const label = drops ? toDropFrameLabel(frame, nominal) : frame;
  const frames = label % nominal;
  const seconds = Math.floor(label / nominal);
  const pair = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(pair).join(':');
  return `${clock}${drops ? ';' : ':'}${String(frames).padStart(nominal > 99 ? 3 : 2, '0')}`;
}

/** Frame count of `HH:MM:SS:FF` (or `;FF` for drop-frame); null when it is not a legal label at this rate. */
export function parseTimecode(text: string, rate: FrameRate): number | null {
  const match = /^(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2,3})$/.exec(text.trim());
  if (!match) return null;
  const [hours, minutes, seconds, frames] = [match[1], match[2], match[3], match[5]].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const nominal = nominalRate(rate);
  if (minutes > 59 || seconds > 59 || frames >= nominal) return null;
  const label = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames;
  if (match[4] === ':') return label;
  if (!supportsDropFrame(rate)) return null;
  const dropped = nominal / 15;
  if (seconds === 0 && frames < dropped && minutes % 10 !== 0) return null;
  const totalMinutes = hours * 60 + minutes;
  return label - dropped * (totalMinutes - Math.floor(totalMinutes / 10));
}

function toDropFrameLabel(frame: number, nominal: number): number {
  const dropped = nominal / 15;
  const perMinute = nominal * 60 - dropped;
  const perTenMinutes = perMinute * 10 + dropped;
  const tens = Math.floor(frame / perTenMinutes);
  const rest = frame % perTenMinutes;
  const minutes = rest < nominal * 60 ? 0 : 1 + Math.floor((rest - nominal * 60) / perMinute);
  return frame + dropped * (tens * 9 + minutes);
}
