import type { PaneSource, PaneState } from './player-types.ts';

/** Why a source is not even opened. */
export function refusalOf(source: PaneSource): PaneState | null {
  if (source.playability === 'unreadable') {
    return { kind: 'unreadable', reason: 'Nothing here can decode this file.', frame: null };
  }
  const needsProxy = source.kind === 'clip' && source.playability === 'proxy-needed';
  return needsProxy && source.proxyUrl === null ? { kind: 'proxy-needed' } : null;
}

/** Whether two states say the same. */
export function isSameState(a: PaneState, b: PaneState): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof PaneState>;
  return [...keys].every((key) => Object.is(a[key], b[key]));
}
