import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import { AppError, isAbortError } from '../../platform/app-error.ts';
import { classifyFailure } from '../classify-failure.ts';
import type { ProviderAdapter } from '../ports/provider.ts';

/** Whom to ask, and what ends the asking. */
export interface AskOrder {
  adapter: ProviderAdapter;
  signal: AbortSignal;
}

/** A question that the provider could not answer now. */
export interface Trouble {
  kind: 'trouble';
  failure: AttemptFailure;
}

/** Polls and downloads are safe to repeat: what a provider throws there is its trouble; an abort or our own error is not. */
export async function askProvider<T>(order: AskOrder, ask: () => Promise<T>): Promise<T | Trouble> {
  order.signal.throwIfAborted();
  try {
    return await ask();
  } catch (error) {
    if (order.signal.aborted || isAbortError(error)) throw error;
    if (!(error instanceof AppError)) return { kind: 'trouble', failure: order.adapter.readFetchError(error) };
    const failure = classifyFailure(error);
    if (failure.detail === 'disk') throw error;
    return { kind: 'trouble', failure };
  }
}
