import type { AttemptStep } from './attempt-step.ts';

/** `wanted`: the provider is still to be asked. `asked`: it took the question. `refused`: too late, or it could not be asked. */
export type CallOff = 'wanted' | 'asked' | 'refused';

/** How far the calling off of an attempt has come; null when nobody wanted it. */
export function callOffOf(steps: readonly Pick<AttemptStep, 'kind'>[]): CallOff | null {
  for (const { kind } of [...steps].reverse()) {
    if (kind === 'cancel_wanted') return 'wanted';
    if (kind === 'cancel_asked') return 'asked';
    if (kind === 'cancel_refused') return 'refused';
  }
  return null;
}
