/** How many shots of a batch stand where. Pure. */
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ProductionState } from '../../../src-shared/domain/production-state.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { statePhrases, stationPhrases } from '../../../src-shared/phrases.ts';

/** One column of the table: the stations in the order in which work passes them, between waiting and the end. */
export interface StationColumn {
  key: string;
  text: string;
  states: readonly ProductionState[];
}

export const stationColumns: readonly StationColumn[] = [
  { key: 'blocked', text: statePhrases.blocked, states: ['blocked'] },
  { key: 'queued', text: statePhrases.queued, states: ['queued'] },
  { key: 'bind', text: stationPhrases.bind, states: ['binding'] },
  { key: 'asm', text: stationPhrases.asm, states: ['assembling'] },
  { key: 'aud', text: stationPhrases.aud, states: ['auditing'] },
  { key: 'rem', text: stationPhrases.rem, states: ['remediating'] },
  { key: 'review', text: statePhrases.awaiting_operator, states: ['awaiting_operator'] },
  { key: 'stabilized', text: statePhrases.stabilized, states: ['stabilized'] },
  { key: 'halted', text: statePhrases.halted, states: ['halted', 'escalated'] },
];

/** One cell: the shots of a phase at a station. */
export interface StationFilter {
  phase: Phase;
  column: string;
}

/** Counts by phase and column key. */
export function countStations(shots: readonly Shot[], phases: readonly Phase[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const phase of phases) {
    // By state first: a thousand shots in the same state look their column up once.
    const byState = new Map<ProductionState, number>();
    for (const { phases: rows } of shots) byState.set(rows[phase].state, (byState.get(rows[phase].state) ?? 0) + 1);
    for (const [state, count] of byState) {
      const key = cellKey(phase, columnOf(state));
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  return counts;
}

export function cellKey(phase: Phase, column: string): string {
  return `${phase}/${column}`;
}

function columnOf(state: ProductionState): string {
  return stationColumns.find(({ states }) => states.includes(state))?.key ?? state;
}

/** The shots that stand in a cell; all of them without one. */
export function shotsAt(shots: readonly Shot[], filter: StationFilter | null): readonly Shot[] {
  if (filter === null) return shots;
  return shots.filter((shot) => columnOf(shot.phases[filter.phase].state) === filter.column);
}
