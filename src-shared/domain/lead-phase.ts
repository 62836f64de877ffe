import { type Phase, phases } from './phase.ts';
import { isInFlight } from './production-state.ts';
import type { Shot, ShotPhase } from './shot.ts';

/** The phase that speaks for the shot: what needs a person, else what is moving, else what waits, else the last settled. */
export function leadPhaseOf(shot: Pick<Shot, 'phases'>, within: readonly Phase[] = phases): ShotPhase {
  const all = phases.filter((phase) => within.includes(phase)).map((phase) => shot.phases[phase]);
  const settled = all.filter((phase) => phase.state === 'stabilized').at(-1);
  return (
    all.find((phase) => phase.state === 'awaiting_operator') ??
    all.find((phase) => phase.state === 'halted') ??
    all.find((phase) => isInFlight(phase.state) || phase.state === 'remediating') ??
    all.find((phase) => phase.state === 'queued') ??
    all.find((phase) => phase.state === 'escalated') ??
    settled ??
    all[0] ??
    shot.phases.previs
  );
}
