import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

/** Every answer of Kling's: a code, 0 when all is well, and what was asked for. */
export function envelope(status: number, code: number, message: string, data?: unknown): Reply {
  return json(status, { code, message, request_id: randomUUID(), ...(data === undefined ? {} : { data }) });
}

/** How Kling refuses. */
export function refuseAsKling(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return envelope(refusal.status, { 503: 5001, 504: 5002 }[refusal.status] ?? 5000, 'Server error');
    case 'rate-limit': {
      const reply = envelope(429, 1302, 'The API request is too fast, exceeding the platform rate limit');
      return { ...reply, headers: { ...reply.headers, ...retryAfter(refusal.retryAfterSeconds) } };
    }
    case 'policy':
      return envelope(400, 1301, 'Trigger the security strategy of the platform');
    case 'soft':
      return envelope(200, Number(refusal.code ?? 1301), 'Trigger the security strategy of the platform');
    case 'funds':
      return envelope(429, 1102, 'Resource pack depleted or expired');
    case 'unauthorized':
      return envelope(401, 1002, 'Authorization is invalid');
    case 'not-found':
      return envelope(404, 1203, 'The requested resource does not exist');
    case 'conflict':
      return envelope(400, 1201, refusal.message);
    case 'invalid':
      return envelope(400, 1201, refusal.issues[0]?.message ?? 'Invalid request parameters');
  }
}
