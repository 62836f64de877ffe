import { describe, expect, it } from 'vitest';
import { planCompareStyles } from '../../../src-renderer/player/compare-layout.ts';

const rect = { x: 100, y: 50, width: 800, height: 400 };

describe('laying two panes over each other', () => {
  it('moves the wipe over the picture, not over the box around it', () => {
    const vertical = planCompareStyles({ kind: 'wipe', position: 0.25, axis: 'vertical' }, rect);
    expect(vertical.second.clipPath).toBe('inset(0 0 0 300px)');
    const horizontal = planCompareStyles({ kind: 'wipe', position: 2, axis: 'horizontal' }, rect);
    expect(horizontal.second.clipPath).toBe('inset(450px 0 0 0)');
    const unknown = planCompareStyles({ kind: 'wipe', position: 0.5, axis: 'vertical' }, null);
    expect(unknown.second.clipPath).toBe('inset(0 0 0 50%)');
  });

  it('blends the difference inside its own box and makes it brighter there', () => {
    const { box, second } = planCompareStyles({ kind: 'difference', gain: 8 }, rect);
    expect([second.mixBlendMode, box.filter, box.isolation]).toEqual(['difference', 'brightness(8)', 'isolate']);
  });

  it('shows one of two in a flip without unmounting the other', () => {
    const { first, second } = planCompareStyles({ kind: 'flip', shown: 'second' }, rect);
    expect([first.visibility, second.visibility]).toEqual(['hidden', 'visible']);
  });

  it('keeps opacity between nothing and all', () => {
    expect(planCompareStyles({ kind: 'overlay', opacity: 7 }, rect).second.opacity).toBe('1');
  });
});
