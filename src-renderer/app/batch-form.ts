/** What the Start batch dialog collects, and the request it becomes. Pure. */
import type { BatchConfigInput } from '../../src-shared/domain/batch.ts';
import { parseUsd, usdNumber } from '../../src-shared/domain/money.ts';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { ProjectFile } from '../../src-shared/domain/project.ts';

export type BatchScope = 'episode' | 'list' | 'shot';

export interface BatchForm {
  scope: BatchScope;
  phases: readonly Phase[];
  /** dollars as typed */
  cap: string;
  atOnce: number;
  autonomy: boolean;
}

export function newBatchForm(project: ProjectFile): BatchForm {
  return {
    scope: 'episode',
    phases: [...phases],
    cap: String(usdNumber(project.caps.batch_micro_usd)),
    atOnce: 2,
    autonomy: project.autonomy.enabled,
  };
}

export interface BatchPlace {
  project: ProjectFile;
  episodeId: string;
  shotId: string | null;
  listedShotIds: readonly string[];
}

/** The request, or the sentence that says what is still missing. */
export function toBatchConfig(form: BatchForm, place: BatchPlace): { config: BatchConfigInput } | { missing: string } {
  const cap = parseUsd(form.cap);
  if (cap === null || cap === 0) return { missing: 'Give the cap in dollars, for example 25 or 12.50.' };
  if (form.phases.length === 0) return { missing: 'Choose at least one phase.' };
  const shotFilter = shotsOf(form.scope, place);
  if (shotFilter?.length === 0) return { missing: 'No shot is chosen.' };
  return {
    config: {
      episodeId: place.episodeId,
      phases: phases.filter((phase) => form.phases.includes(phase)),
      ...(shotFilter === undefined ? {} : { shotFilter }),
      budgetMicroUsd: cap,
      maxConcurrent: form.atOnce,
      provider: place.project.default_provider,
      autonomy: { ...place.project.autonomy, enabled: form.autonomy },
    },
  };
}

function shotsOf(scope: BatchScope, place: BatchPlace): string[] | undefined {
  if (scope === 'episode') return undefined;
  if (scope === 'list') return [...place.listedShotIds];
  return place.shotId === null ? [] : [place.shotId];
}
