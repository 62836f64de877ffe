/** Frame numbers as people write and read them. Pure. */
import {
  type FrameRate,
  formatTimecode,
  parseTimecode,
  supportsDropFrame,
} from '../../../src-shared/domain/timecode.ts';
import type { TimeDisplay } from '../../stores/view-store.ts';

/** A frame as timecode (drop-frame where the rate has it) or as its number, counted from 0. */
export function showFrame(frame: number, rate: FrameRate, display: TimeDisplay): string {
  if (display === 'frames') return String(frame);
  return formatTimecode(frame, rate, supportsDropFrame(rate) ? 'drop' : 'non-drop');
}

/** `96`, `+12`, `-5`, `2:10` (seconds:frames) or a full timecode; null when it is none of these. */
export function parseFrameText(text: string, rate: FrameRate, current: number): number | null {
  const trimmed = text.trim();
  const relative = /^([+-])(\d{1,7})$/.exec(trimmed);
  if (relative) return current + (relative[1] === '-' ? -1 : 1) * Number(relative[2]);
  if (/^\d{1,7}$/.test(trimmed)) return Number(trimmed);
  const parts = trimmed.split(/([:;])/);
  const labels = parts.filter((_, index) => index % 2 === 0);
  if (labels.length < 2 || labels.length > 4 || labels.some((label) => !/^\d{1,3}$/.test(label))) return null;
  const separator = parts.at(-2) ?? ':';
  const padded = [...Array<string>(4 - labels.length).fill('00'), ...labels].map((label) => label.padStart(2, '0'));
  return parseTimecode(`${padded.slice(0, 3).join(':')}${separator}${padded[3]}`, rate);
}

/** A rate as it is spoken of: 24, 23.976, 29.97. */
export function showRate(rate: FrameRate): string {
  return String(Math.round((rate.num / rate.den) * 1000) / 1000);
}
