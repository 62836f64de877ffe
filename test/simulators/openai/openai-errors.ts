import { json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

function openaiError(status: number, type: string, code: string | null, message: string, headers = {}): Reply {
  return json(status, { error: { message, type, param: null, code } }, headers);
}

/** How OpenAI refuses. */
export function refuseAsOpenai(refusal: Refusal): Reply {
  const user = 'image_generation_user_error';
  const invalid = 'invalid_request_error';
  switch (refusal.kind) {
    case 'server':
      return openaiError(
        refusal.status,
        'server_error',
        null,
        'The server had an error while processing your request.',
      );
    case 'rate-limit':
      return openaiError(
        429,
        'requests',
        'rate_limit_exceeded',
        'Rate limit reached.',
        retryAfter(refusal.retryAfterSeconds),
      );
    case 'policy':
    case 'soft':
      return openaiError(400, user, 'moderation_blocked', 'Your request was rejected by the safety system.');
    case 'funds':
      return openaiError(429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota.');
    case 'unauthorized':
      return openaiError(401, invalid, 'invalid_api_key', 'Incorrect API key provided.');
    case 'not-found':
      return openaiError(404, invalid, null, 'Invalid URL.');
    case 'conflict':
      return openaiError(409, invalid, null, refusal.message);
    case 'invalid':
      return openaiError(400, invalid, null, refusal.issues[0]?.message ?? 'Invalid request.');
  }
}
