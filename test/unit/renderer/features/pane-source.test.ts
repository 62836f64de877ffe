import { describe, expect, test } from 'vitest';
import { needsPreparing, paneSourceOf } from '../../../../src-renderer/features/dailies/pane-source.ts';
import type { Take } from '../../../../src-shared/domain/take.ts';
import { sampleTake } from '../../../fakes/api-samples.ts';

const base = sampleTake();
const prepared = { poster: true, filmstrip: null, proxy: true };
const clip = (change: Partial<Take> = {}): Take => ({
  ...base,
  probe: { ...base.probe, kind: 'clip', playability: 'native' },
  prepared,
  ...change,
});

describe('what a pane is given', () => {
  test('names side, take and phase, to be printed on the picture', () => {
    expect(paneSourceOf('p', clip(), 'B').label).toBe(`B · ${base.id} · Previs`);
  });

  test('has no proxy before the proxy is made', () => {
    expect(paneSourceOf('p', clip(), 'A').proxyUrl).toContain('/proxy');
    expect(paneSourceOf('p', clip({ prepared: null }), 'A').proxyUrl).toBeNull();
  });

  test('shows a still by itself while it has no poster', () => {
    const still = clip({ prepared: null, probe: { ...base.probe, kind: 'still', playability: 'native' } });
    expect(paneSourceOf('p', still, 'A').posterUrl).toContain('/original');
    expect(paneSourceOf('p', clip({ prepared: null }), 'A').posterUrl).toBeNull();
  });
});

describe('preparing a take that is looked at', () => {
  test('is asked for while pictures or a needed proxy are missing', () => {
    expect(needsPreparing(clip({ prepared: null }))).toBe(true);
    expect(needsPreparing(clip())).toBe(false);
    const exotic = { ...base.probe, kind: 'clip' as const, playability: 'proxy-needed' as const };
    expect(needsPreparing(clip({ probe: exotic, prepared: { ...prepared, proxy: false } }))).toBe(true);
  });

  test('is not asked for a file that nothing can read', () => {
    expect(needsPreparing(clip({ prepared: null, probe: { ...base.probe, playability: 'unreadable' } }))).toBe(false);
  });
});
