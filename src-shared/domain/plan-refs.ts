/**
 * Plans may name references by path, as the reference designs do: `hero_ref` or `ref_path`, `expression_refs`, `location_ref`
 * or `scene_ref`. Production reads heroes by slot alone, so a path into a pool is read as the slot it lies in; the hero that is
 * active there is used. A path elsewhere is left as it stands, and the schema refuses it with its field's name.
 */
type Fields = Record<string, unknown>;

const poolPath = /^assets\/(char|loc|prop)\/([A-Za-z0-9_-]+)\/base\/pool\/([a-z0-9_-]+)\/([a-z0-9_-]+)(?:\.[^/]*)?$/;

/** The same plan with its pool paths as slots; anything that is not shaped like a plan is returned as it is. */
export function namePlanSlots(plan: unknown): unknown {
  if (!isFields(plan) || !Array.isArray(plan.shots)) return plan;
  return { ...plan, shots: plan.shots.map((shot: unknown) => nameShotSlots(shot)) };
}

function nameShotSlots(shot: unknown): unknown {
  if (!isFields(shot) || !isFields(shot.asset_data)) return shot;
  const { characters, location_ref: locationRef, scene_ref: sceneRef, ...assets } = shot.asset_data;
  const location = slotOf(locationRef ?? sceneRef);
  const unread = {
    ...(locationRef !== undefined && { location_ref: locationRef }),
    ...(sceneRef !== undefined && { scene_ref: sceneRef }),
  };
  return {
    ...shot,
    asset_data: {
      ...assets,
      ...(location ? { location_id: location.subjectId, location_slot: location.slot } : unread),
      ...(Array.isArray(characters) && { characters: characters.map((entry: unknown) => nameCharacterSlots(entry)) }),
    },
  };
}

function nameCharacterSlots(character: unknown): unknown {
  if (!isFields(character)) return character;
  const { hero_ref: heroRef, ref_path: refPath, expression_refs: expressionRefs, ...rest } = character;
  const hero = slotOf(heroRef ?? refPath);
  const expressions = Array.isArray(expressionRefs) ? expressionRefs.map(slotOf) : null;
  const unreadHero = {
    ...(heroRef !== undefined && { hero_ref: heroRef }),
    ...(refPath !== undefined && { ref_path: refPath }),
  };
  return {
    ...(hero ? { character_id: hero.subjectId, hero_slot: hero.slot } : unreadHero),
    ...(expressions?.every((slot) => slot !== null)
      ? { expression_slots: expressions.map((slot) => slot?.slot) }
      : expressionRefs !== undefined && { expression_refs: expressionRefs }),
    ...rest,
  };
}

function slotOf(path: unknown): { subjectId: string; slot: string } | null {
  const match = typeof path === 'string' ? poolPath.exec(path) : null;
  return match ? { subjectId: match[2] ?? '', slot: `${match[3]}/${match[4]}` } : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
