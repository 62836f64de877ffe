import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';
import { isPolicyText } from './google-video.ts';

/** Google answers 400 for a bad key, for a filter and for a bad request alike; its text tells them apart. */
export function refineGoogle(error: ProviderHttpError): AttemptFailure | null {
  const { message } = error;
  if (/API_KEY_INVALID|API key (not valid|expired|not found)/i.test(message)) {
    return failureOf('permanent', 'account', message);
  }
  if ((error.status === 400 || error.status === 403) && /\b(billing|billed)\b/i.test(message)) {
    return failureOf('budget', 'account', message);
  }
  // a used-up quota comes back by itself, prepaid money does not
  if (error.status === 429 && /\b(prepay(ment)?|prepaid|credits?)\b.*\b(depleted|exhausted|used up)\b/i.test(message)) {
    return failureOf('budget', 'account', message);
  }
  if (error.status === 400 && /\blocation is not supported\b/i.test(message)) {
    return failureOf('permanent', 'account', message);
  }
  if (error.status === 400 && isPolicyText(message)) return failureOf('content_filter', 'rejected_request', message);
  return null;
}
