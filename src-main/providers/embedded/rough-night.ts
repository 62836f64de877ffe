import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Rehearsal, RehearsalFault } from './rehearsal.ts';

/** What goes wrong in a night, one after the other. */
const night: readonly RehearsalFault[] = [
  'dropped-after-accept',
  'rate-limit',
  'black',
  'late-failure',
  'truncated',
  'content-filter',
  'server-error',
  'html-instead',
  'dropped-several',
];

/**
 * A rough night of the embedded engine, as the simulator's is for the others: every second shot of each phase meets the next
 * trouble at its first submit. Nothing costs anything.
 */
export function roughNight(shotIds: readonly string[], phases: readonly Phase[]): Rehearsal {
  const troubled = shotIds.filter((_, place) => place % 2 === 1);
  const submits = phases.flatMap((phase) => troubled.map((shot_id) => ({ shot_id, phase, submit: 1 })));
  const faults = submits.flatMap((submit, place) => {
    const fault = night[place % night.length];
    return fault === undefined ? [] : [{ ...submit, fault }];
  });
  return { schema_version: 'circletake.rehearsal.v1', price_micro_usd: 0, faults };
}
