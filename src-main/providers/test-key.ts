import { isAbortError } from '../platform/app-error.ts';
import type { ApiClient } from './http/api-client.ts';
import { ProviderHttpError } from './http/http-errors.ts';
import { createKeyedClient, type KeyedApi } from './http/keyed-client.ts';
import { noKeyMessage, type Refine, readFetchError } from './http/read-errors.ts';
import type { KeyTest } from './provider-definition.ts';

export interface KeyTrial {
  api: KeyedApi;
  key: string | null;
  /** makes the free call and says, as a sentence, what it told; throws as any call does */
  ask: (client: ApiClient) => Promise<string>;
  refine?: Refine;
  signal: AbortSignal;
}

/** Tries a key on a free call. What refuses the key is told apart from what only keeps us from asking. */
export async function testKeyWith({ api, key, ask, refine, signal }: KeyTrial): Promise<KeyTest> {
  if (!key) return { kind: 'refused', reason: noKeyMessage(api.title) };
  const client = createKeyedClient(api, { key: () => key, now: () => new Date() });
  try {
    return { kind: 'accepted', detail: await ask(client) };
  } catch (error) {
    signal.throwIfAborted();
    if (isAbortError(error)) throw error;
    const isRefusal = error instanceof ProviderHttpError && refusesKey(error, refine);
    return {
      kind: isRefusal ? 'refused' : 'unreachable',
      reason: readFetchError(error, { title: api.title, refine }).message,
    };
  }
}

function refusesKey(error: ProviderHttpError, refine?: Refine): boolean {
  return error.status === 401 || error.status === 403 || refine?.(error)?.detail === 'account';
}
