/** Which shots the list shows, and in which order. Pure. */

import type { ShotSummary } from '../../src-shared/api/projects-contract.ts';
import { leadPhaseOf } from '../../src-shared/domain/lead-phase.ts';
import { phases } from '../../src-shared/domain/phase.ts';
import { keyframePrompt, videoPrompt } from '../../src-shared/domain/plan.ts';
import { isInFlight } from '../../src-shared/domain/production-state.ts';
import type { Shot, ShotPhase } from '../../src-shared/domain/shot.ts';
import { inStoryOrder } from './shot-standing.ts';
import type { ShotFilters, ShotSort, StandingFilter } from './view-store.ts';

/** The shots that pass the filters, sorted. */
export function listShots(
  shots: readonly Shot[],
  summaries: ReadonlyMap<string, ShotSummary>,
  choice: { filters: ShotFilters; sort: ShotSort },
): readonly Shot[] {
  const words = choice.filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const passing = inStoryOrder(shots).filter(
    (shot) => passesStanding(shot, choice.filters) && words.every((word) => searchText(shot).includes(word)),
  );
  switch (choice.sort) {
    case 'story':
      return passing;
    case 'needs-you':
      return stableSort(passing, (shot) => urgency(leadPhaseOf(shot)));
    case 'spend':
      return stableSort(passing, (shot) => -(summaries.get(shot.id)?.spentMicroUsd ?? 0));
    case 'takes':
      return stableSort(passing, (shot) => -(summaries.get(shot.id)?.takeCount ?? 0));
  }
}

function passesStanding(shot: Shot, filters: ShotFilters): boolean {
  if (filters.phase === 'all') {
    return filters.standing === 'settled'
      ? shot.phases.video.state === 'stabilized'
      : phases.some((phase) => hasStanding(shot.phases[phase], filters.standing));
  }
  return hasStanding(shot.phases[filters.phase], filters.standing);
}

function hasStanding({ state }: ShotPhase, standing: StandingFilter): boolean {
  switch (standing) {
    case 'all':
      return true;
    case 'needs-you':
      return state === 'awaiting_operator';
    case 'at-work':
      return isInFlight(state) || state === 'remediating';
    case 'waiting':
      return state === 'queued';
    case 'halted':
      return state === 'halted' || state === 'escalated';
    case 'settled':
      return state === 'stabilized';
  }
}

function urgency(phase: ShotPhase): number {
  if (phase.state === 'awaiting_operator') return 0;
  if (phase.state === 'halted') return 1;
  if (isInFlight(phase.state) || phase.state === 'remediating') return 2;
  return phase.state === 'stabilized' ? 4 : 3;
}

const searchTexts = new WeakMap<Shot['plan'], string>();

function searchText(shot: Shot): string {
  const known = searchTexts.get(shot.plan);
  if (known !== undefined) return known;
  const text = [
    shot.id,
    shot.sceneHeading,
    shot.plan.prompt_data.description,
    keyframePrompt(shot.plan),
    videoPrompt(shot.plan),
  ]
    .join('\n')
    .toLowerCase();
  searchTexts.set(shot.plan, text);
  return text;
}

function stableSort(shots: Shot[], rank: (shot: Shot) => number): Shot[] {
  return [...shots].sort((a, b) => rank(a) - rank(b));
}
