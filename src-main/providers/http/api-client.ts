/**
 * Calls of a provider's API. Every text that comes back is scrubbed of the provider's keys before anybody sees it; an
 * answer that is not 2xx is a `ProviderHttpError`; one that cannot be read is a `TransportError` with `sent: true`.
 */
import type { z } from 'zod';
import { parseJson } from '../../platform/parse-json.ts';
import { badAddress, type CallPurpose, ProviderHttpError, TransportError } from './http-errors.ts';
import { retryAfterMs } from './retry-after.ts';
import { scrubLiterals, scrubText } from './scrub-secrets.ts';
import { defaultTimeouts, type HttpTimeouts, sendRequest, type WireAnswer } from './send-request.ts';
import type { Asked } from './transport-words.ts';

export interface ApiClientOptions {
  /** the provider's name as people read it */
  title: string;
  /** a machine whose address the user set in Settings */
  isOwnMachine?: boolean;
  /** everything that must never be read back: the key, tokens made from it */
  secrets: () => readonly (string | null)[];
  /** the headers that carry the key, at each call anew; throws when there is none */
  credentials?: (purpose: CallPurpose) => Readonly<Record<string, string>>;
  now: () => Date;
  timeouts?: Partial<HttpTimeouts>;
}

export interface ApiCall {
  purpose: CallPurpose;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** the address is signed, or not the provider's own: the key stays here */
  withoutKey?: boolean;
  body?: { json: unknown } | { bytes: Uint8Array; contentType: string } | { form: FormData };
  timeouts?: Partial<HttpTimeouts>;
  /** 16 MB when absent; an answer with pictures in it needs more */
  maxAnswerBytes?: number;
}

export interface ApiAnswer {
  status: number;
  /** names in lower case */
  headers: Readonly<Record<string, string>>;
  /** scrubbed */
  text: string;
}

export interface ApiClient extends Asked {
  readonly secrets: () => readonly string[];
  readonly now: () => Date;
  readonly credentials: (purpose: CallPurpose) => Readonly<Record<string, string>>;
  /** One exchange, never repeated. Throws `ProviderHttpError` for anything but 2xx. */
  call(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer>;
  /** By how much the provider's clock is ahead of ours, as its last answer is dated; 0 before the first. */
  clockAheadMs(): number;
  /** As `call`; the body must be JSON that fits the schema. */
  json<T>(call: ApiCall, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
}

const defaultMaxAnswerBytes = 16 * 1024 * 1024;
const noCredentials = () => ({});

/** A client for one provider; holds no connection and no key. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { title, isOwnMachine = false, secrets, credentials = noCredentials, now, timeouts } = options;
  const asked: Asked = { title, isOwnMachine };
  let aheadMs = 0;
  const present = () => secrets().filter((secret) => secret !== null && secret !== '') as string[];
  const call = async (call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> => {
    const keyHeaders = call.withoutKey ? {} : credentials(call.purpose);
    const { bytes, contentType } = await encodeBody(call.body);
    const answer = await sendRequest(
      {
        ...{ asked, method: call.method, url: readUrl(call.url, asked), body: bytes },
        headers: {
          accept: 'application/json',
          ...(contentType ? { 'content-type': contentType } : {}),
          ...keyHeaders,
          ...call.headers,
        },
        timeouts: { ...defaultTimeouts, ...timeouts, ...call.timeouts },
      },
      signal,
    );
    const { status } = answer;
    const headers = scrubHeaders(answer.headers, present());
    const date = call.withoutKey ? Number.NaN : Date.parse(headers.date ?? '');
    if (!Number.isNaN(date)) aheadMs = date - now().getTime();
    const raw = await readText(answer, call.maxAnswerBytes ?? defaultMaxAnswerBytes, asked);
    if (status >= 200 && status < 300) return { status, headers, text: scrubLiterals(raw, present()) };
    const body = scrubText(raw.slice(0, 65_536), present());
    const wait = retryAfterMs(headers['retry-after'], now());
    const init = {
      provider: title,
      purpose: call.purpose,
      status,
      body,
      headers,
      withoutKey: call.withoutKey ?? false,
    };
    throw new ProviderHttpError({ ...init, code: codeIn(parseJson(body)), retryAfterMs: wait });
  };
  return {
    ...{ ...asked, secrets: present, now, credentials, call },
    clockAheadMs: () => aheadMs,
    json: async (order, schema, signal) => readJson((await call(order, signal)).text, schema, asked),
  };
}

/** Reads an answer strictly; what does not fit is unreadable, and then nobody knows what the provider meant. */
export function readJson<T>(text: string, schema: z.ZodType<T>, asked: Asked): T {
  const value = parseJson(text);
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const cause = value === undefined ? new Error('it is no JSON') : read.error;
  throw new TransportError({ asked, sent: true, kind: 'unreadable', cause });
}

/** Adds a path and a query to a base address. */
export function urlOf(base: string, path: string, query: Readonly<Record<string, string | null>> = {}): string {
  const url = new URL(`${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

function readUrl(text: string, asked: Asked): URL {
  const url = URL.parse(text);
  if (url) return url;
  throw badAddress(asked);
}

async function encodeBody(body: ApiCall['body']): Promise<{ bytes: Uint8Array | null; contentType: string | null }> {
  if (!body) return { bytes: null, contentType: null };
  if ('json' in body) return { bytes: Buffer.from(JSON.stringify(body.json)), contentType: 'application/json' };
  if ('bytes' in body) return body;
  // Response knows how a form goes over the wire, its boundary included
  const form = new Response(body.form);
  return { bytes: new Uint8Array(await form.arrayBuffer()), contentType: form.headers.get('content-type') };
}

async function readText(answer: WireAnswer, maxBytes: number, asked: Asked): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    size += part.byteLength;
    if (size > maxBytes) {
      answer.discard();
      const cause = new Error(`the answer is longer than ${maxBytes} bytes`);
      throw new TransportError({ asked, sent: true, kind: 'unreadable', cause });
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function scrubHeaders(headers: Readonly<Record<string, string>>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, scrubLiterals(value, secrets)]));
}

/** The usual places: code, error.code, error.type, error_type. */
function codeIn(body: unknown): string | null {
  if (body === null || typeof body !== 'object') return null;
  const { code, error, error_type } = body as Record<string, unknown>;
  const inner = error !== null && typeof error === 'object' ? (error as Record<string, unknown>) : {};
  const found = [code, inner.code, inner.type, error_type].find(
    (one) => typeof one === 'string' || typeof one === 'number',
  );
  return found === undefined ? null : String(found);
}
