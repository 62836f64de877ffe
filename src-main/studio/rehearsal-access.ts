/**
 * What the providers of a rehearsal are given: the simulator's addresses and the simulator's key, and nothing else. Keys and
 * addresses of real providers are not reachable from here, so that a rehearsal cannot spend whatever goes wrong.
 */
import type { ProviderAccess } from './build-providers.ts';

/** The key that the simulator lets in; no real provider does. */
export const rehearsalKey = 'sim-rehearsal';

/** Nothing listens there: what is asked before the simulator runs was never sent. */
const nowhere = 'http://127.0.0.1:1';

/** Asking the simulator costs nothing and has no limit: nobody waits for an answer that has long been there. */
const longestPollMs = 500;

/** Made on this machine, without any network. */
const needsNone: readonly string[] = ['embedded', 'manual'];

/**
 * `simulatorUrl` answers null while the simulator is not running; `trouble` then says why. Where it is known within what time the
 * simulator lists a job, a doubt is not kept open as long as the real engine's list would need.
 */
export function rehearsalAccess(
  simulatorUrl: () => string | null,
  trouble: () => string | null = () => null,
  listsWithinMs: number | null = null,
): ProviderAccess {
  return {
    key: () => rehearsalKey,
    address: (providerId, part) => {
      const mount = part === 'api' && providerId !== 'fal' ? providerId : `${providerId}-${part}`;
      return `${simulatorUrl() ?? nowhere}/${mount}`;
    },
    longestPollMs,
    ...(listsWithinMs === null ? {} : { longestGraceMs: listsWithinMs }),
    whyNotReady(providerId) {
      if (simulatorUrl() !== null || needsNone.includes(providerId)) return null;
      return trouble() ?? 'The simulator of this rehearsal is not running.';
    },
  };
}
