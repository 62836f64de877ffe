import { ORPCError, ValidationError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { bugMessage, toClientError } from '../../../src-main/api/map-errors.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { createLogger } from '../../../src-main/platform/logger.ts';
import { appErrorCodes, appErrorStatuses } from '../../../src-shared/api/errors.ts';

function map(error: unknown) {
  const log: string[] = [];
  const logger = createLogger({ level: 'debug', write: (line) => log.push(line) });
  return { mapped: toClientError(error, 'takes.detail', logger), log };
}

describe('toClientError', () => {
  it.each(appErrorCodes)('keeps %s with its status, and logs nothing', (code) => {
    const { mapped, log } = map(new AppError({ code, message: 'A sentence.', hint: 'Do this.', detail: { inner: 1 } }));
    expect(mapped).toMatchObject({ code, status: appErrorStatuses[code], message: 'A sentence.' });
    expect(mapped.data).toEqual({ hint: 'Do this.', retry: false });
    expect(log).toEqual([]);
  });

  it('names the field, however deep, and shortens what a client sent', () => {
    const issues = [{ message: 'x'.repeat(2000), path: ['config', { key: 'retryPolicies' }, 'y'.repeat(500)] }];
    const cause = new ValidationError({ message: 'bad', issues, data: {} });
    const { mapped } = map(new ORPCError('BAD_REQUEST', { cause }));
    expect(mapped.code).toBe('input.invalid');
    expect(mapped.message.startsWith('config.retryPolicies.yyy')).toBe(true);
    expect(mapped.message.length).toBeLessThan(600);
  });

  it.each([
    new TypeError('inner'),
    new ORPCError('INTERNAL_SERVER_ERROR', { message: 'Output validation failed' }),
    'a string',
    null,
    undefined,
  ])('tells nothing of a bug (%s) and logs it once with where it was', (error) => {
    const { mapped, log } = map(error);
    expect([mapped.status, mapped.message, mapped.data]).toEqual([500, bugMessage, undefined]);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('takes.detail');
  });
});
