import { describe, expect, it } from 'vitest';
import { rehearsalSchema } from '../../../../src-main/providers/embedded/rehearsal.ts';
import { roughNight } from '../../../../src-main/providers/embedded/rough-night.ts';

const shots = Array.from({ length: 12 }, (_, index) => `EP001_SH${String(index + 1).padStart(3, '0')}`);

describe('a rough night of the embedded engine', () => {
  it('is a rehearsal that costs nothing', () => {
    const written = rehearsalSchema.parse(JSON.parse(JSON.stringify(roughNight(shots, ['previs', 'video']))));
    expect(written.price_micro_usd).toBe(0);
  });

  it('troubles every second shot of each phase once, each in another way', () => {
    const { faults } = roughNight(shots, ['previs', 'keyframe', 'video']);
    const places = faults.map(({ shot_id, phase, submit }) => `${shot_id} ${phase} ${submit}`);
    expect(new Set(places).size).toBe(3 * 6);
    expect(faults.some(({ shot_id }) => shot_id === 'EP001_SH001')).toBe(false);
    for (const phase of ['previs', 'keyframe', 'video']) {
      const kinds = faults.filter((fault) => fault.phase === phase).map(({ fault }) => fault);
      expect(new Set(kinds).size).toBe(6);
    }
  });

  it('of one shot is calm', () => {
    expect(roughNight(['EP001_SH001'], ['previs']).faults).toEqual([]);
  });
});
