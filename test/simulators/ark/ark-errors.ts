import { json, type Reply } from '../core/reply.ts';
import { type Refusal, retryAfter } from '../core/voice.ts';

/** An error as Ark says it. */
export function arkError(status: number, code: string, message: string, type: string, headers = {}): Reply {
  return json(status, { error: { code, message, param: '', type } }, headers);
}

/** How Ark refuses. */
export function refuseAsArk(refusal: Refusal): Reply {
  switch (refusal.kind) {
    case 'server':
      return arkError(refusal.status, 'InternalServiceError', 'The service ran into an error.', 'InternalServerError');
    case 'rate-limit':
      return arkError(
        429,
        'RateLimitExceeded.EndpointRPMExceeded',
        'Too many requests.',
        'TooManyRequests',
        retryAfter(refusal.retryAfterSeconds),
      );
    case 'policy':
    case 'soft':
      return arkError(400, 'InputTextSensitiveContentDetected', 'The input may be sensitive.', 'BadRequest');
    case 'funds':
      return arkError(403, 'AccountOverdueError', 'The account has an overdue balance.', 'Forbidden');
    case 'unauthorized':
      return arkError(401, 'AuthenticationError', 'The API key is missing or invalid.', 'Unauthorized');
    case 'not-found':
      return arkError(404, 'ResourceNotFound', 'The specified resource is not found.', 'NotFound');
    case 'conflict':
      return arkError(409, 'OperationDenied', refusal.message, 'Conflict');
    case 'invalid':
      return arkError(400, 'InvalidParameter', refusal.issues[0]?.message ?? 'Invalid parameter.', 'BadRequest');
  }
}
