import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { PlanShot } from '../../../src-shared/domain/plan.ts';
import { slotKeyText } from '../../../src-shared/domain/ref.ts';
import type { Workflow } from '../../../src-shared/domain/workflow.ts';
import type { RefFocus } from '../../supervisor/plan-repair.ts';
import type { EndpointCapabilities } from '../ports/provider.ts';
import type { ResolvedRef, ResolvedRefs } from '../ports/refs.ts';

export interface RefOrder {
  shot: PlanShot;
  /** how many pictures the engine takes */
  limit: number;
  /** pictures that lead; null = in the resolver's order */
  focus: RefFocus | null;
}

/** Refs are complete or nothing is spent: why not, as a sentence; null when they are. */
export function assertRefsComplete(
  resolved: ResolvedRefs,
  engine: { maxRefs: number; modality: EndpointCapabilities['modality']; workflow: Workflow; phase: Phase },
): string | null {
  const { maxRefs, modality, workflow, phase } = engine;
  if (resolved.missing.length > 0) {
    return `No hero yet for ${resolved.missing.map(slotKeyText).join(', ')}. Promote one in Refs.`;
  }
  // a clip's start frame shows what the references show, and a draft need not look like anybody
  if (modality === 'i2v' || modality === 't2v' || phase === 'previs') return null;
  if (resolved.refs.length > maxRefs) {
    const count = resolved.refs.length;
    return `The shot has ${count} ${count === 1 ? 'ref' : 'refs'}; ${workflow.title} takes ${maxRefs}.`;
  }
  return null;
}

/**
 * The pictures that are sent, in their order. What the plan names always goes; each character's wardrobe of this phase goes
 * along where it is promoted and there is room. With a focus, its pictures lead and others make room for them.
 */
export function arrangeRefs(resolved: ResolvedRefs, order: RefOrder): ResolvedRef[] {
  const { shot, limit, focus } = order;
  const wardrobe = resolved.wardrobe?.() ?? [];
  if (!focus) return [...resolved.refs, ...wardrobe].slice(0, limit);
  const ofFocus = (ref: ResolvedRef) => focus.characters.includes(ref.slot.subjectId) && isCharacter(ref);
  const heroes = resolved.refs.filter((ref) => isHeroOf(ref, shot));
  const [own, others] = [heroes.filter(ofFocus), heroes.filter((ref) => !ofFocus(ref))];
  const strengthening =
    focus.kind === 'wardrobe'
      ? wardrobe.filter(ofFocus)
      : [...resolved.refs, ...(resolved.faces?.() ?? [])].filter(ofFocus);
  const rest = [...resolved.refs, ...wardrobe];
  // everybody in the picture keeps a hero; what is over the limit falls off at the end of the rest
  const kept = distinct([...own, ...others, ...strengthening, ...rest]).slice(0, limit);
  return [...kept.filter((ref) => !others.includes(ref) && ofFocus(ref)), ...kept.filter((ref) => !ofFocus(ref))];
}

/** Characters of a focus for whom nothing of the kind is promoted, as they would be named in Refs. */
export function missingStrength(resolved: ResolvedRefs, order: Pick<RefOrder, 'shot'> & { focus: RefFocus }): string[] {
  const { shot, focus } = order;
  if (focus.kind !== 'wardrobe') return [];
  return shot.asset_data.characters.flatMap(({ character_id, wardrobe_phase }) => {
    if (!focus.characters.includes(character_id) || wardrobe_phase === undefined) return [];
    const there = (resolved.wardrobe?.() ?? []).some(({ slot }) => slot.subjectId === character_id);
    return there ? [] : [`char:${character_id}:wardrobe/${wardrobe_phase}`];
  });
}

function isCharacter({ slot }: ResolvedRef): boolean {
  return slot.subjectClass === 'char';
}

function isHeroOf(ref: ResolvedRef, shot: PlanShot): boolean {
  const name = `${ref.slot.kind}/${ref.slot.view}`;
  const { characters } = shot.asset_data;
  return (
    isCharacter(ref) && characters.some((one) => one.character_id === ref.slot.subjectId && one.hero_slot === name)
  );
}

function distinct(refs: readonly ResolvedRef[]): ResolvedRef[] {
  return [...new Map(refs.map((ref) => [slotKeyText(ref.slot), ref])).values()];
}
