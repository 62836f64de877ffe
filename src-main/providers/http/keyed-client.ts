/**
 * A client whose calls carry the user's key. The key is asked for at each call, so that a new one counts at once; whatever
 * was made of it is scrubbed from the answers as the key itself is.
 */
import { type ApiClient, createApiClient } from './api-client.ts';
import { type CallPurpose, NotSentError } from './http-errors.ts';
import { failureOf, noKeyMessage } from './read-errors.ts';

/** How a provider is told who asks. */
export interface KeyedApi {
  /** the provider as people read it */
  title: string;
  /** headers that carry the credential; "Bearer" when absent */
  headers?: (credential: string) => Readonly<Record<string, string>>;
  /** what goes over the wire in place of the key; the key itself when absent */
  sign?: (key: string, now: Date) => string;
}

export interface KeySource {
  key: () => string | null;
  now: () => Date;
}

const asBearer = (credential: string) => ({ authorization: `Bearer ${credential}` });

/** Opens a provider's API with the key of `source` in every call. */
export function createKeyedClient(api: KeyedApi, { key, now }: KeySource): ApiClient {
  const { title, headers = asBearer, sign = (plain: string) => plain } = api;
  let lastCredential: string | null = null;
  const credentials = (purpose: CallPurpose) => {
    lastCredential = sign(requireKey(key(), title, purpose), now());
    return headers(lastCredential);
  };
  return createApiClient({ title, secrets: () => [key(), lastCredential], credentials, now });
}

/**
 * Without a key a request is refused for good, while a job that runs already only waits: it is asked about again when there
 * is a key.
 */
function requireKey(key: string | null, title: string, purpose: CallPurpose): string {
  if (key !== null && key !== '') return key;
  const category = purpose === 'submit' || purpose === 'upload' ? 'permanent' : 'transient';
  throw new NotSentError(failureOf(category, 'account', noKeyMessage(title)));
}
