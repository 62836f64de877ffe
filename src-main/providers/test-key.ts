import { isAbortError } from '../platform/app-error.ts';
import { type ApiClient, createApiClient } from './http/api-client.ts';
import { ProviderHttpError } from './http/http-errors.ts';
import { noKeyMessage, type Refine, readFetchError } from './http/read-errors.ts';
import type { KeyTest } from './provider-definition.ts';

export interface KeyTrial {
  title: string;
  key: string | null;
  /** makes the free call and says, as a sentence, what it told; throws as any call does */
  ask: (client: ApiClient, key: string) => Promise<string>;
  refine?: Refine;
  signal: AbortSignal;
}

/** Tries a key on a free call. What refuses the key is told apart from what only keeps us from asking. */
export async function testKeyWith({ title, key, ask, refine, signal }: KeyTrial): Promise<KeyTest> {
  if (!key) return { kind: 'refused', reason: noKeyMessage(title) };
  const client = createApiClient({ title, secrets: () => [key], now: () => new Date() });
  try {
    return { kind: 'accepted', detail: await ask(client, key) };
  } catch (error) {
    signal.throwIfAborted();
    if (isAbortError(error)) throw error;
    const isRefusal = error instanceof ProviderHttpError && refusesKey(error, refine);
    return { kind: isRefusal ? 'refused' : 'unreachable', reason: readFetchError(error, refine).message };
  }
}

function refusesKey(error: ProviderHttpError, refine?: Refine): boolean {
  return error.status === 401 || error.status === 403 || refine?.(error)?.detail === 'account';
}
