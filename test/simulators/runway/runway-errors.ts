import { json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

/** How Runway refuses. */
export function refuseAsRunway(refusal: Refusal): Reply {
  const say = (status: number, error: string, headers = {}) => json(status, { error }, headers);
  switch (refusal.kind) {
    case 'server':
      return say(refusal.status, 'An internal error occurred.');
    case 'rate-limit':
      return say(429, 'You have been rate limited.', retryAfter(refusal.retryAfterSeconds));
    case 'policy':
    case 'soft':
      return say(400, 'The input did not pass content moderation.');
    case 'funds':
      return say(400, 'You do not have enough credits to run this task.');
    case 'unauthorized':
      return say(401, 'The API key is not valid.');
    case 'not-found':
      return say(404, 'Not found.');
    case 'conflict':
      return say(409, refusal.message);
    case 'invalid':
      return say(400, refusal.issues[0]?.message ?? 'Validation of body failed');
  }
}
