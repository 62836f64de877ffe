import { describe, expect, it } from 'vitest';
import { readForbidden } from '../../../../src-main/providers/http/read-forbidden.ts';

describe('a 403', () => {
  it.each([
    'Permission denied: Consumer [key] has been suspended.',
    'Your API key was reported as leaked. Please use another API key.',
    'Generative Language API has not been used in project 12 before or it is disabled. Enable it and try again.',
    'User is locked. Reason: Admin lock. Please contact support.',
    'Your account is locked and may not access any model.',
    'This API key does not have access to the model.',
    'The caller does not have permission',
    'You do not have permission to perform this action.',
    'Country, region, or territory not supported',
    'Forbidden',
    '',
  ])('“%s” is about the account', (words) => {
    expect(readForbidden(words)).toEqual({ category: 'permanent', detail: 'account' });
  });

  it.each([
    'Your organization must be verified to use the model `gpt-image-1`.',
    'Project `p` does not have access to model `gpt-image-2`.',
    'You do not have permission to access tuned model tunedModels/7.',
    'Access denied to application someone/private.',
    'This endpoint is not available on your plan.',
  ])('“%s” is about one engine', (words) => {
    expect(readForbidden(words)).toEqual({ category: 'permanent', detail: 'rejected_request' });
  });

  it.each([
    'Your input was refused by our safety system.',
    'The request violates our content policy.',
    'Sensitive content was found in the image.',
  ])('“%s” is about the content', (words) => {
    expect(readForbidden(words)).toEqual({ category: 'content_filter', detail: 'rejected_request' });
  });
});
