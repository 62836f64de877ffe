import type { PlanShot } from '../../src-shared/domain/plan.ts';
import { type SlotKey, type SubjectClass, slotKeyText } from '../../src-shared/domain/ref.ts';
import type { RefSurface, ResolvedRefs, ResolveRefs } from '../orchestrator/ports/refs.ts';
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
export function createResolveRefs(store: RefStore): ResolveRefs {
  return (shot, surface) => {
    const resolved: ResolvedRefs = { refs: [], missing: [] };
    for (const slot of slotsOfShot(shot, surface)) {
      const hero = store.activeRef(slot);
      if (hero) resolved.refs.push({ role: slotKeyText(slot), slot, path: hero.path, sha256: hero.sha256 });
      else resolved.missing.push(slot);
    }
    return resolved;
  };
}

function slotOf(subjectClass: SubjectClass, subjectId: string, name: string): SlotKey {
  const [kind = '', view = ''] = name.split('/');
  return { subjectClass, subjectId, kind, view };
}
