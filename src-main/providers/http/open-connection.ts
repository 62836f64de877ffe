/**
 * One connection, ready to carry a request. It is opened apart from the request so that what fails here has for sure sent
 * no byte of it: with TLS, not before the server's certificate was accepted.
 */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { badAddress, TransportError } from './http-errors.ts';
import { beforeSend } from './read-socket-error.ts';
import type { Asked, TransportCause } from './transport-words.ts';

/** Connects to an http or https address within `timeoutMs`. Throws `TransportError` with `sent: false`, or the abort. */
export function openConnection(
  { asked, url }: { asked: Asked; url: URL },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const { host, port, isTls } = placeOf(url, asked);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = isTls
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ['http/1.1'] })
    : connect({ host, port });
  const fail = (error: unknown) => {
    settle();
    socket.destroy();
    // a socket that is destroyed may still report why
    socket.on('error', () => {});
    reject(error);
  };
  const onError = (error: unknown) => fail(beforeSend(error, asked));
  const failAs = (kind: TransportCause, why: string) =>
    fail(new TransportError({ asked, sent: false, kind, cause: new Error(`${url.host} ${why}`) }));
  const onClose = () => failAs('reset', 'closed the connection');
  const onAbort = () => fail(signal.reason);
  const onTimeout = () => failAs('timeout', `did not take the connection within ${timeoutMs / 1000} s`);
  const onReady = () => {
    settle();
    resolve(socket);
  };
  const timer = setTimeout(onTimeout, timeoutMs);
  const ready = isTls ? 'secureConnect' : 'connect';
  function settle() {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.off('error', onError).off('close', onClose).off(ready, onReady);
  }
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once(ready, onReady).once('error', onError).once('close', onClose);
  return promise;
}

function placeOf(url: URL, asked: Asked): { host: string; port: number; isTls: boolean } {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badAddress(asked);
  }
  const isTls = url.protocol === 'https:';
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (isTls ? 443 : 80), isTls };
}
