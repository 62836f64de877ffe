/** How fal's platform API pages its lists and words its refusals. */
import { z } from 'zod';
import { json, type Reply } from '../core/reply.ts';

/** Pages are numbered from 1; a cursor is the number in base64. */
export function paginate<T>(all: T[], cursor: string | undefined, limit: number) {
  const number = cursor ? Number.parseInt(Buffer.from(cursor, 'base64').toString('utf8'), 10) || 1 : 1;
  const more = all.length > number * limit;
  return {
    page: all.slice((number - 1) * limit, number * limit),
    next_cursor: more ? Buffer.from(String(number + 1)).toString('base64') : null,
    has_more: more,
  };
}

/** A question that is none. */
export function badQuery(error: z.ZodError): Reply {
  return apiError(400, 'validation_error', z.prettifyError(error));
}

export function apiError(status: number, type: string, message: string): Reply {
  return json(status, { error: { type, message } });
}
