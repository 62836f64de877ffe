import { json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

/** An error as Replicate says it. */
export function problem(status: number, title: string, detail: string, headers = {}): Reply {
  return json(status, { title, detail, status }, headers);
}

/** How Replicate refuses. */
export function refuseAsReplicate(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return problem(refusal.status, 'Internal server error', 'An internal error occurred.');
    case 'rate-limit':
      return problem(429, 'Too many requests', 'Request was throttled.', retryAfter(refusal.retryAfterSeconds));
    case 'policy':
    case 'soft':
      return problem(422, 'Input validation failed', 'The input or output was flagged as sensitive (E005).');
    case 'funds':
      return problem(402, 'Insufficient credit', 'You have insufficient credit to run this model.');
    case 'unauthorized':
      return problem(401, 'Unauthenticated', 'You did not pass a valid authentication token');
    case 'not-found':
      return problem(404, 'Not found', 'The requested resource could not be found.');
    case 'conflict':
      return problem(409, 'Conflict', refusal.message);
    case 'invalid':
      return problem(422, 'Input validation failed', `- ${refusal.issues[0]?.message ?? 'input is invalid'}\n`);
  }
}
