import { describe, expect, it } from 'vitest';
import type { ResolvedRef, ResolvedRefs } from '../../../../src-main/orchestrator/ports/refs.ts';
import { arrangeRefs, missingStrength } from '../../../../src-main/orchestrator/request/arrange-refs.ts';
import { slotKeyText } from '../../../../src-shared/domain/ref.ts';
import { hashText } from '../../../fakes/memory-files.ts';
import { makePlan } from '../../../fakes/production-world.ts';

const [hill] = makePlan(1).shots;
if (!hill) throw new Error('no shot');

const ref = (text: string): ResolvedRef => {
  const [subjectClass, subjectId, slot] = text.split(':') as ['char' | 'loc', string, string];
  const [kind = '', view = ''] = slot.split('/');
  const key = { subjectClass, subjectId, kind, view };
  return { role: slotKeyText(key), slot: key, path: `assets/${text}.png`, sha256: hashText(text) };
};
const cast = [
  { character_id: 'ines', wardrobe_phase: 'ph1', hero_slot: 'identity/front', expression_slots: [] },
  { character_id: 'pip', wardrobe_phase: 'ph2', hero_slot: 'identity/full', expression_slots: [] },
];
const shot = { ...hill, asset_data: { ...hill.asset_data, characters: cast } };
const planned = [
  'char:ines:identity/front',
  'char:pip:identity/full',
  'char:pip:expression/grave',
  'loc:hill:plate/wide',
];
const resolved: ResolvedRefs = {
  ...{ refs: planned.map(ref), missing: [] },
  wardrobe: () => [ref('char:ines:wardrobe/ph1')],
  faces: () => ['char:ines:identity/full', 'char:pip:identity/front', 'char:pip:expression/sly'].map(ref),
};
const roles = (focus: Parameters<typeof arrangeRefs>[1]['focus'], limit = 16) =>
  arrangeRefs(resolved, { shot, limit, focus }).map(({ role }) => role);

describe('the pictures that are sent', () => {
  it('are what the plan names, and each character’s own wardrobe where it is promoted and there is room', () => {
    expect(roles(null)).toEqual([...planned, 'char:ines:wardrobe/ph1']);
    expect(roles(null, 4)).toEqual(planned);
  });

  it('lead with the failing character’s hero, expressions and further faces', () => {
    expect(roles({ kind: 'identity', characters: ['pip'] })).toEqual([
      ...['char:pip:identity/full', 'char:pip:expression/grave', 'char:pip:identity/front', 'char:pip:expression/sly'],
      ...['char:ines:identity/front', 'loc:hill:plate/wide', 'char:ines:wardrobe/ph1'],
    ]);
  });

  it('are pruned to what the engine takes, and nobody in the picture loses their hero', () => {
    expect(roles({ kind: 'identity', characters: ['pip'] }, 4)).toEqual([
      ...['char:pip:identity/full', 'char:pip:expression/grave', 'char:pip:identity/front', 'char:ines:identity/front'],
    ]);
  });

  it('lead with the wardrobe of the phase that the character wears, where one is promoted', () => {
    expect(roles({ kind: 'wardrobe', characters: ['ines'] }, 4)).toEqual([
      ...['char:ines:identity/front', 'char:ines:wardrobe/ph1', 'char:pip:identity/full', 'char:pip:expression/grave'],
    ]);
    expect(missingStrength(resolved, { shot, focus: { kind: 'wardrobe', characters: ['ines'] } })).toEqual([]);
  });

  it('say which wardrobe is not promoted, for the character it belongs to', () => {
    const focus = { kind: 'wardrobe' as const, characters: ['ines', 'pip'] };
    expect(missingStrength(resolved, { shot, focus })).toEqual(['char:pip:wardrobe/ph2']);
  });
});
