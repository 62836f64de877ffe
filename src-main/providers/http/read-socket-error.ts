import { type TransportCause, TransportError } from './http-errors.ts';

const kinds: Readonly<Record<string, TransportCause>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

const sentences: Readonly<Record<TransportCause, string>> = {
  dns: 'cannot be found: is this machine online?',
  refused: 'refused the connection.',
  unreachable: 'cannot be reached from here.',
  tls: 'could not prove who it is, or could not agree on encryption.',
  timeout: 'did not answer in time.',
  reset: 'closed the connection.',
  unreadable: 'answered something that cannot be read.',
  redirected: 'sent the request elsewhere.',
};

/** What failed while connecting: nothing was sent. */
export function beforeSend(error: unknown, url: URL): TransportError {
  const code = codeOf(error);
  // everything without a network code comes from the handshake
  return transportError(false, kinds[code] ?? 'tls', { url, code });
}

/** What failed after the connection was there: the provider may have the request. */
export function afterSend(error: unknown, url: URL): TransportError {
  if (error instanceof TransportError) return error;
  const code = codeOf(error);
  // HPE_*: the parser of Node could not make out an answer
  return transportError(true, code.startsWith('HPE_') ? 'unreadable' : (kinds[code] ?? 'reset'), { url, code });
}

function transportError(sent: boolean, kind: TransportCause, { url, code }: { url: URL; code: string }) {
  return new TransportError({ sent, kind, message: `${url.host} ${sentences[kind]}${code ? ` (${code})` : ''}` });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
