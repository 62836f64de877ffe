// Errors on addresses outside the contract (media, uploads, the door itself) look like those inside it: a JSON object
// with code, message and data. A browser window that is refused gets a page to read instead.
import type { AppErrorCode, AppErrorData } from '../../src-shared/api/errors.ts';
import { toClientError } from '../api/map-errors.ts';
import type { Logger } from '../platform/logger.ts';

export interface ErrorBody {
  code: AppErrorCode | 'INTERNAL_SERVER_ERROR' | 'NOT_FOUND';
  message: string;
  data: AppErrorData | null;
}

/** The JSON answer for anything thrown by a route. */
export function answerThrown(error: unknown, where: string, logger: Logger): Response {
  const mapped = toClientError(error, where, logger);
  const body = { code: mapped.code, message: mapped.message, data: mapped.data ?? null };
  return Response.json(body, { status: mapped.status });
}

export function answerError(status: number, body: ErrorBody): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}

export function answerNotFound(): Response {
  return answerError(404, { code: 'NOT_FOUND', message: 'There is nothing at this address.', data: null });
}

/** A page of one heading and one paragraph; the texts are ours, never a client's. */
export function answerPage(status: number, title: string, text: string): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · Circletake</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;
  return new Response(html, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

/** Whether the answer will be looked at by a person in a browser window. */
export function wantsPage(request: Request): boolean {
  return request.method === 'GET' && (request.headers.get('accept') ?? '').includes('text/html');
}
