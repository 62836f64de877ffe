import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { PlanShot } from '../../../src-shared/domain/plan.ts';
import type { SlotKey } from '../../../src-shared/domain/ref.ts';

/** One reference that a shot is made with: the active hero of a slot. `role` is `<class>:<subject>:<kind>/<view>`. */
export interface ResolvedRef {
  role: string;
  slot: SlotKey;
  /** relative to the project folder */
  path: string;
  sha256: Sha256;
}

export interface ResolvedRefs {
  refs: ResolvedRef[];
  /** slots that the plan asks for and that have no hero */
  missing: SlotKey[];
  /** of each character the promoted `wardrobe/<phase>` of its own wardrobe phase in this shot, where there is one */
  wardrobe?: () => ResolvedRef[];
  /** other faces of the shot's characters, which the plan does not ask for; read only where a repair needs them */
  faces?: () => ResolvedRef[];
}

/** Where a picture is going: the order of its references depends on it. */
export type RefSurface = 'video' | 'board';

/** The one reader of heroes (facts/topology.md §10). */
export type ResolveRefs = (shot: PlanShot, surface: RefSurface) => ResolvedRefs;
