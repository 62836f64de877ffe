/** WCAG 2.2 AA for the theme: small text reads 4.5 : 1 against whatever it can stand on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const theme = readFileSync(join(import.meta.dirname, '../../../../src-renderer/ui/theme.css'), 'utf8');

function luminance(name: string): number {
  const hex = new RegExp(`--color-${name}: #([0-9a-f]{6});`).exec(theme)?.[1];
  if (hex === undefined) throw new Error(`the theme has no colour ${name}`);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(text: string, ground: string): number {
  const [light = 0, dark = 0] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const still = ['well', 'floor', 'panel'] as const;
const lit = [...still, 'raised', 'hover', 'pressed', 'notice'] as const;

test.each([
  ...['ink', 'soft', 'dim', 'eyes', 'good'].flatMap((text) => lit.map((ground) => [text, ground] as const)),
  ...['faint', 'bad', 'accent', 'quiet'].flatMap((text) => still.map((ground) => [text, ground] as const)),
])('%s can be read on %s', (text, ground) => {
  expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
});
