import type { PlanShot } from '../../src-shared/domain/plan.ts';

/** Parsed plan entries by shot, good for one revision each: parsing is what a list of shots would spend its time on. */
export interface PlanCache {
  /** null when this revision is not kept */
  get(shotId: string, revision: number): PlanShot | null;
  put(shotId: string, revision: number, plan: string): PlanShot;
  clear(): void;
}

export function createPlanCache(): PlanCache {
  const kept = new Map<string, { revision: number; plan: PlanShot }>();
  return {
    get(shotId, revision) {
      const entry = kept.get(shotId);
      return entry?.revision === revision ? entry.plan : null;
    },
    put(shotId, revision, text) {
      const plan = freezeDeep(JSON.parse(text) as PlanShot);
      kept.set(shotId, { revision, plan });
      return plan;
    },
    clear: () => kept.clear(),
  };
}

/** Entries are shared by all who ask, so nobody may change one. */
function freezeDeep<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) freezeDeep(part);
    Object.freeze(value);
  }
  return value;
}
