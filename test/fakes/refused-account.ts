import type { SubmitOutcome } from '../../src-main/orchestrator/ports/provider.ts';
import type { AttemptFailure } from '../../src-shared/domain/attempt.ts';
import { makeWorld, type ProductionWorld, type WorldOptions } from './production-world.ts';

export const refusedKey = 'Embedded answered 401: Invalid key. Look at the key in Settings.';

/** What the engine refuses by its key: everything, the submits or the questions about jobs alone. */
export type Refusing = 'all' | 'submits' | 'polls' | 'nothing';

export interface RefusedAccount {
  world: ProductionWorld;
  refuse: (what: Refusing) => void;
  /** POSTs that came while the key was refused */
  refusedPosts: () => number;
}

/** A world whose engine may refuse the account, as a provider does whose key was revoked or whose money is gone. */
export function withAccount(options: WorldOptions = {}, failure: Partial<AttemptFailure> = {}): RefusedAccount {
  const world = makeWorld(options);
  const { provider } = world;
  const [submit, poll] = [provider.submit.bind(provider), provider.poll.bind(provider)];
  const [readSubmitError, readFetchError] = [provider.readSubmitError, provider.readFetchError];
  const refused: AttemptFailure = {
    ...{ category: 'permanent', detail: 'account', message: refusedKey, retryAfterMs: null },
    ...failure,
  };
  let refusing: Refusing = 'nothing';
  let posts = 0;
  const no = new Error('401');
  provider.submit = async (...order) => {
    if (refusing !== 'all' && refusing !== 'submits') return submit(...order);
    posts++;
    throw no;
  };
  provider.poll = async (job) => {
    if (refusing === 'all' || refusing === 'polls') throw no;
    return poll(job);
  };
  provider.readSubmitError = (error): SubmitOutcome =>
    error === no ? { kind: 'rejected', failure: refused, billedMicroUsd: 0 } : readSubmitError.call(provider, error);
  provider.readFetchError = (error) =>
    error === no ? { ...refused, category: 'transient' } : readFetchError.call(provider, error);
  const refuse = (what: Refusing) => {
    refusing = what;
  };
  return { world, refuse, refusedPosts: () => posts };
}
