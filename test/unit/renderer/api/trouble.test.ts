import { ORPCError } from '@orpc/client';
import { describe, expect, test } from 'vitest';
import { troubleOf, UploadRefused } from '../../../../src-renderer/api/trouble.ts';

describe('what went wrong, in words', () => {
  test('keeps the sentence and hint of an expected error under its headline', () => {
    const error = new ORPCError('take.protected', {
      message: 'T3 is approved.',
      data: { hint: 'Undo first.', retry: false },
    });
    expect(troubleOf(error)).toEqual({
      code: 'take.protected',
      headline: 'Approved take is protected',
      sentence: 'T3 is approved.',
      hint: 'Undo first.',
      again: false,
    });
  });

  test('tells nothing of a bug but where the details are', () => {
    expect(troubleOf(new ORPCError('INTERNAL_SERVER_ERROR', { message: 'x is not a function' })).sentence).toBe(
      'Something went wrong. The log has the details.',
    );
    expect(troubleOf(new Error('secret')).sentence).not.toContain('secret');
  });

  test('says that the Studio does not answer when the call never arrived', () => {
    expect(troubleOf(new TypeError('fetch failed')).code).toBe('offline');
  });

  test('speaks of a refused upload in the same way', () => {
    expect(troubleOf(new UploadRefused('upload.too-large', 'Too big.', null))).toMatchObject({
      code: 'upload.too-large',
      sentence: 'Too big.',
      hint: null,
    });
  });
});
