/**
 * Brings a finished file to a temporary path: streamed, counted against its length, flushed. What is not the file (nothing,
 * half of it, a page) is refused before anybody calls it a take. Keys go to the provider's own addresses only.
 */
import { open, rm } from 'node:fs/promises';
import { toFileError } from '../../platform/atomic-file.ts';
import type { ApiClient } from './api-client.ts';
import { BadDownloadError, ExpiredError, ProviderHttpError, TransportError } from './http-errors.ts';
import { retryAfterMs } from './retry-after.ts';
import { scrubText } from './scrub-secrets.ts';
import { defaultTimeouts, type HttpTimeouts, sendRequest, type WireAnswer } from './send-request.ts';
import { type MediaExtension, mediaExtensionOf, sniffFile } from './sniff-file.ts';

export interface DownloadOrder {
  url: string;
  temporaryPath: string;
  /** base addresses of the provider itself: the client's key goes there and nowhere else */
  ownUrls?: readonly string[];
  /** 4 GB when absent */
  maxBytes?: number;
  timeouts?: Partial<HttpTimeouts>;
}

const defaultMaxBytes = 4 * 1024 ** 3;
const maxRedirects = 5;
const headBytes = 512;

/**
 * Throws `ExpiredError` (403, 404, 410; 401 where no key was shown), `BadDownloadError`, `ProviderHttpError`, `TransportError` or a file error; a file
 * that is not whole is removed.
 */
export async function downloadFile(
  client: ApiClient,
  order: DownloadOrder,
  signal: AbortSignal,
): Promise<MediaExtension> {
  const { answer, withKey } = await follow(client, order, signal);
  try {
    refuseBadAnswer(client, answer, withKey);
    return await writeBody(client, order, answer);
  } catch (error) {
    answer.discard();
    await rm(order.temporaryPath, { force: true });
    throw toFileError(error, order.temporaryPath);
  }
}

/** Whether an address lies under one of the bases: same scheme, host and port, and below its path. */
export function isUnder(url: string, bases: readonly string[]): boolean {
  const place = URL.parse(url);
  return bases.some((base) => {
    const home = URL.parse(base);
    if (!place || !home || place.origin !== home.origin) return false;
    const path = home.pathname.replace(/\/+$/, '');
    return place.pathname === path || place.pathname.startsWith(`${path}/`);
  });
}

interface Followed {
  answer: WireAnswer;
  /** the key was shown where the answer comes from */
  withKey: boolean;
}

async function follow(client: ApiClient, order: DownloadOrder, signal: AbortSignal): Promise<Followed> {
  let place = order.url;
  for (let turns = 0; turns <= maxRedirects; turns++) {
    const url = URL.parse(place);
    if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
      throw new BadDownloadError(`${client.title} named an address for the file that is not on the web.`);
    }
    const withKey = isUnder(place, order.ownUrls ?? []);
    const headers = withKey ? client.credentials('fetch') : {};
    const timeouts = { ...defaultTimeouts, ...order.timeouts };
    const answer = await sendRequest({ asked: client, method: 'GET', url, headers, body: null, timeouts }, signal);
    const next = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
    if (next === undefined) return { answer, withKey };
    answer.discard();
    place = URL.parse(next, place)?.href ?? '';
  }
  throw new TransportError({
    asked: client,
    sent: true,
    kind: 'redirected',
    cause: new Error(`more than ${maxRedirects} redirects`),
  });
}

function refuseBadAnswer(client: ApiClient, { status, headers }: WireAnswer, withKey: boolean): void {
  const { title } = client;
  if ((status === 401 && !withKey) || status === 403 || status === 404 || status === 410) {
    throw new ExpiredError(`${title} has the file no longer (${status}): it was made and cannot be fetched any more.`);
  }
  if (status !== 200) {
    const wait = retryAfterMs(headers['retry-after'], client.now());
    const init = { provider: title, purpose: 'fetch' as const, status, code: null, body: '', headers: {} };
    throw new ProviderHttpError({ ...init, retryAfterMs: wait });
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new BadDownloadError(`${title} sent the file packed as ${encoding}.`);
}

async function writeBody(client: ApiClient, order: DownloadOrder, answer: WireAnswer): Promise<MediaExtension> {
  const { title } = client;
  const maxBytes = order.maxBytes ?? defaultMaxBytes;
  const file = await open(order.temporaryPath, 'w');
  let head: Uint8Array = new Uint8Array();
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.byteLength;
      if (size > maxBytes) throw new BadDownloadError(`The file of ${title} is longer than ${maxBytes} bytes.`);
      if (head.byteLength < headBytes) head = Buffer.concat([head, part]).subarray(0, headBytes);
      await file.writeFile(part);
    }
    checkWhole(title, size, answer.headers['content-length']);
    const kind = kindOf(client, head);
    await file.sync();
    return kind;
  } finally {
    await file.close();
  }
}

function checkWhole(title: string, size: number, announced: string | undefined): void {
  if (size === 0) throw new BadDownloadError(`${title} delivered an empty file.`);
  if (announced !== undefined && Number(announced) !== size) {
    throw new BadDownloadError(`${title} delivered ${size} of ${announced} bytes.`);
  }
}

function kindOf(client: ApiClient, head: Uint8Array): MediaExtension {
  if (sniffFile(head) !== 'text') return mediaExtensionOf(head, client.title);
  const text = Buffer.from(head).toString('utf8').replace(/\s+/g, ' ').trim();
  const start = scrubText(text.slice(0, 80), client.secrets());
  throw new BadDownloadError(`${client.title} delivered a text instead of the file: ${start}`);
}
