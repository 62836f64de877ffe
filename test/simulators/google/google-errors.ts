import { json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

export function googleError(status: number, word: string, message: string, headers = {}): Reply {
  return json(status, { error: { code: status, message, status: word } }, headers);
}

/** How Google refuses. */
export function refuseAsGoogle(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return googleError(refusal.status, refusal.status === 503 ? 'UNAVAILABLE' : 'INTERNAL', 'An internal error.');
    case 'rate-limit':
      return googleError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', retryAfter(refusal.retryAfterSeconds));
    case 'policy':
    case 'soft':
      return googleError(
        400,
        'INVALID_ARGUMENT',
        'The prompt could not be submitted: it violates the usage guidelines.',
      );
    case 'funds':
      return googleError(403, 'PERMISSION_DENIED', 'Billing is not enabled for this project.');
    case 'unauthorized':
      return googleError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.');
    case 'not-found':
      return googleError(404, 'NOT_FOUND', 'The requested entity was not found.');
    case 'conflict':
      return googleError(409, 'ABORTED', refusal.message);
    case 'invalid':
      return googleError(
        400,
        'INVALID_ARGUMENT',
        refusal.issues[0]?.message ?? 'Request contains an invalid argument.',
      );
  }
}
