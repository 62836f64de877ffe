import { describe, expect, test } from 'vitest';
import { planFileSchema } from '../../../src-shared/domain/plan.ts';
import { makePlan } from '../../fixtures/make-project.ts';

const bySlot = makePlan(1);
const [shot] = bySlot.shots;

function planWithAssets(assets: unknown): unknown {
  return { ...bySlot, shots: [{ ...shot, asset_data: assets }] };
}

describe('a plan that names references by path', () => {
  test.each(['hero_ref', 'ref_path'])('%s into a pool is read as the slot it lies in', (field) => {
    const characters = [
      {
        [field]: 'assets/char/mara/base/pool/identity/front.0123456789ab.png',
        expression_refs: ['assets/char/mara/base/pool/expression/sly.png'],
        wardrobe_phase: 'ph1',
      },
    ];
    const plan = planFileSchema.parse(planWithAssets({ characters }));
    expect(plan.shots[0]?.asset_data.characters).toEqual([
      {
        character_id: 'mara',
        hero_slot: 'identity/front',
        expression_slots: ['expression/sly'],
        wardrobe_phase: 'ph1',
      },
    ]);
  });

  test.each(['location_ref', 'scene_ref'])('%s names the location and its slot', (field) => {
    const plan = planFileSchema.parse(planWithAssets({ [field]: 'assets/loc/pier/base/pool/plate/wide.png' }));
    expect(plan.shots[0]?.asset_data).toMatchObject({ location_id: 'pier', location_slot: 'plate/wide' });
  });

  test('a path that lies in no pool is refused by the name of its field', () => {
    const outside = planFileSchema.safeParse(planWithAssets({ location_ref: '../elsewhere.png' }));
    expect(outside.error?.message).toContain('location_ref');
    const hero = planFileSchema.safeParse(
      planWithAssets({ characters: [{ character_id: 'mara', hero_ref: 'mara.png' }] }),
    );
    expect(hero.error?.message).toContain('hero_ref');
  });
});

test('a plan by slots is read as it stands, and what is no plan is refused as before', () => {
  expect(planFileSchema.parse(bySlot)).toEqual(bySlot);
  for (const value of [null, 7, 'plan', [], { shots: 3 }, { shots: [null] }]) {
    expect(planFileSchema.safeParse(value).success).toBe(false);
  }
});
