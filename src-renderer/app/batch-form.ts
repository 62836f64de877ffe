/** What the Start batch dialog collects, and the request it becomes. Pure. */
import type { AutonomyConfig, BatchConfigInput } from '../../src-shared/domain/batch.ts';
import { parseUsd, usdNumber } from '../../src-shared/domain/money.ts';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { ProjectFile } from '../../src-shared/domain/project.ts';
import { type ProviderSettings, whyNotReady } from '../../src-shared/domain/provider-settings.ts';
import { parseShotRanges } from './shot-ranges.ts';

export type BatchScope = 'episode' | 'list' | 'shot' | 'picked';

export interface BatchForm {
  scope: BatchScope;
  /** shots of the scope `picked`, as typed */
  picked: string;
  phases: readonly Phase[];
  /** dollars as typed */
  cap: string;
  atOnce: number;
  provider: string;
  autonomy: AutonomyConfig;
}

export function newBatchForm(project: ProjectFile): BatchForm {
  return {
    scope: 'episode',
    picked: '',
    phases: [...phases],
    cap: String(usdNumber(project.caps.batch_micro_usd)),
    atOnce: 2,
    provider: project.default_provider,
    autonomy: { ...project.autonomy },
  };
}

export interface BatchPlace {
  episodeId: string;
  shotId: string | null;
  /** as the shot list shows them */
  listedShotIds: readonly string[];
  /** every shot of the episode in the order of the plan */
  shotIds: readonly string[];
  /** null while they are not known */
  providers: readonly ProviderSettings[] | null;
}

/** The request, or the sentence that says what is still missing. */
export function toBatchConfig(form: BatchForm, place: BatchPlace): { config: BatchConfigInput } | { missing: string } {
  const cap = parseUsd(form.cap);
  if (cap === null || cap === 0) return { missing: 'Give the cap in dollars, for example 25 or 12.50.' };
  if (form.phases.length === 0) return { missing: 'Choose at least one phase.' };
  const shotFilter = shotsOf(form, place);
  if (typeof shotFilter === 'string') return { missing: shotFilter };
  if (shotFilter?.length === 0) return { missing: 'No shot is chosen.' };
  return {
    config: {
      episodeId: place.episodeId,
      phases: phases.filter((phase) => form.phases.includes(phase)),
      ...(shotFilter === undefined ? {} : { shotFilter }),
      budgetMicroUsd: cap,
      maxConcurrent: form.atOnce,
      provider: form.provider,
      autonomy: form.autonomy,
    },
  };
}

/** The engines as a batch of this project meets them: in a rehearsal the simulator answers for each, and needs nobody's key. */
export function enginesOf(
  project: Pick<ProjectFile, 'rehearsal'>,
  providers: readonly ProviderSettings[] | null,
): readonly ProviderSettings[] | null {
  if (project.rehearsal !== true || providers === null) return providers;
  return providers.map((provider) => ({ ...provider, key: null, keyPlace: null, keyTrouble: null, lastTest: null }));
}

/** Why nothing can be sent to the provider that is chosen; a rehearsal does not mind. */
export function providerTrouble(form: BatchForm, providers: readonly ProviderSettings[] | null): string | null {
  const chosen = providers?.find(({ id }) => id === form.provider);
  if (providers !== null && !chosen) return `There is no engine ${form.provider} here: choose another.`;
  return chosen ? whyNotReady(chosen) : null;
}

/** Undefined = all; a text says what is wrong. */
function shotsOf(form: BatchForm, place: BatchPlace): string[] | undefined | string {
  switch (form.scope) {
    case 'episode':
      return undefined;
    case 'list':
      return [...place.listedShotIds];
    case 'shot':
      return place.shotId === null ? [] : [place.shotId];
    case 'picked': {
      const picked = parseShotRanges(form.picked, place.shotIds);
      return picked.kind === 'shots' ? picked.ids : picked.message;
    }
  }
}
