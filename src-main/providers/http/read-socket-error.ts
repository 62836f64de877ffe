import { TransportError } from './http-errors.ts';
import type { Asked, TransportCause } from './transport-words.ts';

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

/** What failed while connecting: nothing was sent. */
export function beforeSend(cause: unknown, asked: Asked): TransportError {
  // everything without a network code comes from the handshake
  return new TransportError({ asked, sent: false, kind: kinds[codeOf(cause)] ?? 'tls', cause });
}

/** What failed after the connection was there: the provider may have the request. */
export function afterSend(cause: unknown, asked: Asked): TransportError {
  if (cause instanceof TransportError) return cause;
  const code = codeOf(cause);
  // HPE_*: the parser of Node could not make out an answer
  const kind = code.startsWith('HPE_') ? 'unreadable' : (kinds[code] ?? 'reset');
  return new TransportError({ asked, sent: true, kind, cause });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
