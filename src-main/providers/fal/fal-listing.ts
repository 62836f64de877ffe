/** fal's own books: which requests it has, and what it charged for them. All of it is free to ask and may lag behind. */
import type { z } from 'zod';
import type { MicroUsd } from '../../../src-shared/domain/money.ts';
import { type ApiClient, urlOf } from '../http/api-client.ts';
import { ReadFailure } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';
import { billingPageSchema, type ListedRequest, requestsPageSchema } from './fal-answers.ts';

const path = 'v1/models/requests/by-endpoint';
const pageSize = 100;
const maxPages = 20;

export interface FalBooks {
  client: ApiClient;
  apiUrl: () => string;
}

/** One request by its id, with what went in and came out; null when fal does not list it. */
export async function findRequest(
  books: FalBooks,
  { endpoint, id }: { endpoint: string; id: string },
  signal: AbortSignal,
): Promise<ListedRequest | null> {
  const query = { endpoint_id: endpoint, request_id: id, expand: 'payloads', limit: '1' };
  const { items } = await ask(books, urlOf(books.apiUrl(), path, query), requestsPageSchema, signal);
  return items.find((item) => item.request_id === id) ?? null;
}

/**
 * Requests of an endpoint that were sent at or after a time of our clock. Throws when there are more than can be read: then
 * nobody may say that one is not among them.
 */
export async function listSince(
  books: FalBooks,
  { endpoint, since }: { endpoint: string; since: Date },
  signal: AbortSignal,
): Promise<ListedRequest[]> {
  // an answer tells what time it is there
  await ask(books, urlOf(books.apiUrl(), path, { endpoint_id: endpoint, limit: '1' }), requestsPageSchema, signal);
  const startMs = since.getTime() + books.client.clockAheadMs();
  const query = { endpoint_id: endpoint, start: new Date(startMs).toISOString(), expand: 'payloads' };
  const found: ListedRequest[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < maxPages; turn++) {
    const url = urlOf(books.apiUrl(), path, { ...query, limit: String(pageSize), cursor });
    const page: z.infer<typeof requestsPageSchema> = await ask(books, url, requestsPageSchema, signal);
    // `start` may be taken for the time of the end
    found.push(...page.items.filter(({ sent_at }) => sent_at === null || Date.parse(sent_at) >= startMs));
    if (!page.has_more || !page.next_cursor) return found;
    cursor = page.next_cursor;
  }
  throw new ReadFailure(failureOf('transient', 'server', 'fal lists more requests than can be looked through.'));
}

/** What fal charged for a request, in its own figure; null while it is not in its books, or may not be asked. */
export async function billedFor(
  books: FalBooks,
  { endpoint, id, sentAt }: { endpoint: string; id: string; sentAt: string },
  signal: AbortSignal,
): Promise<MicroUsd | null> {
  const start = new Date(Date.parse(sentAt) - 3_600_000).toISOString();
  let cursor: string | null = null;
  for (let turn = 0; turn < maxPages; turn++) {
    const query = { endpoint_id: endpoint, start, limit: '1000', cursor };
    const url = urlOf(books.apiUrl(), 'v1/models/billing-events', query);
    const page: z.infer<typeof billingPageSchema> = await ask(books, url, billingPageSchema, signal);
    const events = page.billing_events.filter(({ request_id }) => request_id === id);
    const nano = events.reduce((sum, event) => sum + event.cost_estimate_nano_usd, 0);
    if (events.length > 0) return Math.ceil(nano / 1000);
    if (!page.has_more || !page.next_cursor) return null;
    cursor = page.next_cursor;
  }
  return null;
}

function ask<T>(books: FalBooks, url: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  return books.client.json({ purpose: 'list', method: 'GET', url }, schema, signal);
}
