import { describe, expect, it } from 'vitest';
import type { RefStore } from '../../../src-main/orchestrator/ports/store.ts';
import { createResolveRefs } from '../../../src-main/refs/resolve-refs.ts';
import { type RefPromotion, type SlotKey, slotKeyText } from '../../../src-shared/domain/ref.ts';
import { hashText } from '../../fakes/memory-files.ts';
import { makePlan } from '../../fakes/production-world.ts';

const [hill] = makePlan(1).shots;
if (!hill) throw new Error('no shot');
const cast = [
  { character_id: 'ines', wardrobe_phase: 'ph1', hero_slot: 'identity/front', expression_slots: ['expression/grave'] },
  { character_id: 'pip', wardrobe_phase: 'ph2', hero_slot: 'identity/full', expression_slots: [] },
  { character_id: 'tom', hero_slot: 'identity/front', expression_slots: [] },
];
const place = { location_id: 'hill', location_slot: 'plate/wide', props: [{ prop_id: 'lamp', slot: 'base/side' }] };
const shot = { ...hill, asset_data: { ...hill.asset_data, ...place, characters: cast } };

/** A pointer table in which the named slots, "char:ines:identity/front", have heroes. */
function resolverWith(promoted: readonly string[]) {
  const rows = promoted.map((text): RefPromotion => {
    const [subject_class, subject_id, slot] = text.split(':') as ['char' | 'loc' | 'prop', string, string];
    const [kind = '', view = ''] = slot.split('/');
    const file = { path: `assets/${text}.png`, sha256: hashText(text), source: 'test' };
    return {
      subject_class,
      subject_id,
      kind,
      view,
      ...file,
      promoted_at: '2026-11-21T08:00:00.000Z',
      supersedes: null,
    };
  });
  const keyOf = ({ subject_class, subject_id, kind, view }: RefPromotion) =>
    slotKeyText({ subjectClass: subject_class, subjectId: subject_id, kind, view });
  const store: Pick<RefStore, 'activeRef' | 'activeRefs'> = {
    activeRef: (slot: SlotKey) => rows.find((row) => keyOf(row) === slotKeyText(slot)) ?? null,
    activeRefs: () => rows,
  };
  return createResolveRefs(store);
}

const heroes = ['char:ines:identity/front', 'char:pip:identity/full', 'char:tom:identity/front'];
const rest = ['char:ines:expression/grave', 'loc:hill:plate/wide', 'prop:lamp:base/side'];

describe('the heroes of a shot', () => {
  it('come in the order in which engines of the surface take them: the place first on a board, people first in a clip', () => {
    const resolve = resolverWith([...heroes, ...rest]);
    const roles = (surface: Parameters<typeof resolve>[1]) => resolve(shot, surface).refs.map(({ role }) => role);
    const [grave, hillPlate, lamp] = rest;
    expect(roles('board')).toEqual([hillPlate, ...heroes, grave, lamp]);
    expect(roles('video')).toEqual([...heroes, grave, hillPlate, lamp]);
  });

  it('are named where none is promoted, and nothing takes their place', () => {
    const { refs, missing } = resolverWith(heroes)(shot, 'video');
    expect(refs.map(({ role }) => role)).toEqual(heroes);
    expect(missing.map(slotKeyText)).toEqual(rest);
  });

  it('wear what each character’s own wardrobe phase says, never the first one’s', () => {
    const promoted = [
      'char:ines:wardrobe/ph1',
      'char:pip:wardrobe/ph2',
      'char:pip:wardrobe/ph1',
      'char:tom:wardrobe/ph1',
    ];
    const worn = resolverWith([...heroes, ...promoted])(shot, 'video').wardrobe?.() ?? [];
    expect(worn.map(({ role }) => role)).toEqual(['char:ines:wardrobe/ph1', 'char:pip:wardrobe/ph2']);
  });

  it('have further faces of the shot’s own characters alone', () => {
    const promoted = ['char:pip:expression/sly', 'char:mara:identity/front', 'loc:hill:plate/night'];
    const faces = resolverWith([...heroes, ...promoted])(shot, 'video').faces?.() ?? [];
    expect(faces.map(({ role }) => role)).toEqual([...heroes, 'char:pip:expression/sly']);
  });
});
