/**
 * Reads what a camera line and a lighting line ask for. Pure: the words of a plan in, a move and a light out; words it
 * does not know change nothing.
 */
export type CameraMove =
  | 'push'
  | 'pull'
  | 'pan-left'
  | 'pan-right'
  | 'tilt-up'
  | 'tilt-down'
  | 'orbit'
  | 'handheld'
  | 'static';

export interface CameraDirection {
  move: CameraMove;
  /** focal length in millimetres, when the line names one */
  lensMm: number | null;
  /** how far the move goes: 0.5 slow, 1 plain, 1.6 fast */
  pace: number;
}

const movePatterns: [RegExp, CameraMove][] = [
  [/\b(push(es|ing)?[- ]?in|dolly[- ]?in|zoom[- ]?in|creep(s|ing)?|zooms?)\b/, 'push'],
  [/\b(pull(s|ing)?[- ]?(back|out)|dolly[- ]?(out|back)|zoom[- ]?out|reveal)\b/, 'pull'],
  [/\b((pan(s|ning)?|dolly|track(s|ing)?|truck|slide)\b.*\bleft)\b/, 'pan-left'],
  [/\b((pan(s|ning)?|dolly|track(s|ing)?|truck|slide)\b.*\bright)\b/, 'pan-right'],
  [/\b(tilt(s|ing)?[- ]?up|crane(s)?[- ]?up|boom[- ]?up|rise(s)?)\b/, 'tilt-up'],
  [/\b(tilt(s|ing)?[- ]?down|crane(s)?[- ]?down|boom[- ]?down)\b/, 'tilt-down'],
  [/\b(orbit(s|ing)?|arc(s|ing)?|circl(e|es|ing))\b/, 'orbit'],
  [/\b(hand[- ]?held|shaky|verit[eé])\b/, 'handheld'],
  [/\b(static|locked([- ]off)?|tripod|still)\b/, 'static'],
  [/\b(push(es)?|dolly)\b/, 'push'],
  [/\bpan(s|ning)?\b/, 'pan-right'],
  [/\btilt(s|ing)?\b/, 'tilt-up'],
  [/\b(crane|boom)(s)?\b/, 'tilt-up'],
  [/\b(track(s|ing)?|slide|truck)\b/, 'pan-right'],
];

/** The first move a camera line names, its lens and pace; no move named = static. */
export function readCameraLine(line: string): CameraDirection {
  const text = line.toLowerCase();
  let move: CameraMove = 'static';
  let earliest = Number.POSITIVE_INFINITY;
  for (const [pattern, candidate] of movePatterns) {
    const at = text.search(pattern);
    if (at >= 0 && at < earliest) {
      earliest = at;
      move = candidate;
    }
  }
  const lens = /(\d{2,3})\s?mm\b/.exec(text)?.[1];
  const pace = /\b(slow(ly)?|gentle|gently|subtle|barely|creep)/.test(text)
    ? 0.5
    : /\b(fast|quick(ly)?|whip|rapid)/.test(text)
      ? 1.6
      : 1;
  return { move, lensMm: lens ? Number(lens) : null, pace };
}

export interface LightDirection {
  /** multiplied into the picture, 0–255 each */
  tint: { r: number; g: number; b: number };
  /** 0 none … 1 black corners */
  vignette: number;
  /** a pool of light: centre as fractions of the frame, colour, strength 0–1 */
  pool: { x: number; y: number; r: number; g: number; b: number; strength: number } | null;
  brightness: number;
}

const plainLight: LightDirection = { tint: { r: 255, g: 255, b: 255 }, vignette: 0.25, pool: null, brightness: 1 };

const lightRules: [RegExp, (light: LightDirection) => LightDirection][] = [
  [/\b(night|midnight|dark)\b/, (l) => ({ ...l, tint: { r: 150, g: 170, b: 225 }, vignette: 0.55, brightness: 0.82 })],
  [
    /\bmoon(light|lit)?\b/,
    (l) => ({
      ...l,
      tint: { r: 150, g: 178, b: 235 },
      vignette: 0.5,
      brightness: 0.85,
      pool: pool(0.7, 0.15, [190, 210, 255], 0.28),
    }),
  ],
  [
    /\b(golden hour|sunset|dusk|sunrise|dawn)\b/,
    (l) => ({ ...l, tint: { r: 255, g: 214, b: 170 }, vignette: 0.3, pool: pool(0.2, 0.25, [255, 190, 110], 0.3) }),
  ],
  [
    /\b(candle|lamp|lantern|fire(light)?|hearth|match)\b/,
    (l) => ({ ...l, vignette: Math.max(l.vignette, 0.5), pool: pool(0.5, 0.55, [255, 180, 90], 0.42) }),
  ],
  [
    /\b(back[- ]?lit|backlight|silhouette|rim)\b/,
    (l) => ({ ...l, vignette: Math.max(l.vignette, 0.4), pool: l.pool ?? pool(0.5, 0.2, [255, 245, 225], 0.35) }),
  ],
  [
    /\b(low[- ]?key|chiaroscuro|noir|shadow(s|y)?)\b/,
    (l) => ({ ...l, vignette: 0.7, brightness: Math.min(l.brightness, 0.85) }),
  ],
  [/\b(overcast|fog|mist|grey|gray)\b/, (l) => ({ ...l, tint: { r: 225, g: 232, b: 240 } })],
  [
    /\b(day|noon|bright|high[- ]?key)\b/,
    (l) => ({ ...l, brightness: Math.max(l.brightness, 1.05), vignette: Math.min(l.vignette, 0.2) }),
  ],
];

/** The light that a lighting line asks for; several words add up in the order of the rules. */
export function readLightingLine(line: string): LightDirection {
  const text = line.toLowerCase();
  return lightRules.reduce((light, [pattern, apply]) => (pattern.test(text) ? apply(light) : light), plainLight);
}

function pool(x: number, y: number, [r, g, b]: [number, number, number], strength: number) {
  return { x, y, r, g, b, strength };
}
