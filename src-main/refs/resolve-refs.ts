import type { PlanShot } from '../../src-shared/domain/plan.ts';
import { type RefPromotion, type SlotKey, type SubjectClass, slotKeyText } from '../../src-shared/domain/ref.ts';
import type { RefSurface, ResolvedRef, ResolvedRefs, ResolveRefs } from '../orchestrator/ports/refs.ts';
import type { RefStore } from '../orchestrator/ports/store.ts';

/** The slots a shot asks for, each once, in the order in which the surface's engines take references. */
export function slotsOfShot(shot: PlanShot, surface: RefSurface): SlotKey[] {
  const { characters, location_id, location_slot, props } = shot.asset_data;
  const heroes = characters.map((character) => slotOf('char', character.character_id, character.hero_slot));
  const expressions = characters.flatMap((character) =>
    character.expression_slots.map((slot) => slotOf('char', character.character_id, slot)),
  );
  const location = location_id && location_slot ? [slotOf('loc', location_id, location_slot)] : [];
  const propSlots = props.map((prop) => slotOf('prop', prop.prop_id, prop.slot));
  const ordered =
    surface === 'video'
      ? [...heroes, ...expressions, ...location, ...propSlots]
      : [...location, ...heroes, ...expressions, ...propSlots];
  return [...new Map(ordered.map((slot) => [slotKeyText(slot), slot])).values()];
}

/** The only reader of heroes: from the pointer table, never by looking into folders. */
export function createResolveRefs(store: Pick<RefStore, 'activeRef' | 'activeRefs'>): ResolveRefs {
  return (shot, surface) => {
    const resolved: ResolvedRefs = {
      ...{ refs: [], missing: [] },
      wardrobe: () => wardrobeOf(shot).flatMap((slot) => heroOf(store, slot) ?? []),
      faces: () => facesOf(shot, store.activeRefs()),
    };
    for (const slot of slotsOfShot(shot, surface)) {
      const hero = heroOf(store, slot);
      if (hero) resolved.refs.push(hero);
      else resolved.missing.push(slot);
    }
    return resolved;
  };
}

function heroOf(store: Pick<RefStore, 'activeRef'>, slot: SlotKey): ResolvedRef | null {
  const hero = store.activeRef(slot);
  return hero && { role: slotKeyText(slot), slot, path: hero.path, sha256: hero.sha256 };
}

/** What each character wears in this shot; a phase belongs to its own character. */
function wardrobeOf(shot: PlanShot): SlotKey[] {
  return shot.asset_data.characters.flatMap(({ character_id, wardrobe_phase }) =>
    wardrobe_phase === undefined ? [] : [slotOf('char', character_id, `wardrobe/${wardrobe_phase}`)],
  );
}

const faceKinds = new Set(['identity', 'expression']);

function facesOf(shot: PlanShot, active: readonly RefPromotion[]): ResolvedRef[] {
  const ids = new Set(shot.asset_data.characters.map((character) => character.character_id));
  const faces = active.filter(
    (ref) => ref.subject_class === 'char' && ids.has(ref.subject_id) && faceKinds.has(ref.kind),
  );
  return faces.map(({ subject_id, kind, view, path, sha256 }) => {
    const slot = { subjectClass: 'char' as const, subjectId: subject_id, kind, view };
    return { role: slotKeyText(slot), slot, path, sha256 };
  });
}

function slotOf(subjectClass: SubjectClass, subjectId: string, name: string): SlotKey {
  const [kind = '', view = ''] = name.split('/');
  return { subjectClass, subjectId, kind, view };
}
