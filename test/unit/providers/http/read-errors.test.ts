import { describe, expect, it } from 'vitest';
import {
  BadDownloadError,
  type CallPurpose,
  ExpiredError,
  NotSentError,
  ProviderHttpError,
  TransportError,
} from '../../../../src-main/providers/http/http-errors.ts';
import { failureOf, readFetchError, readSubmitError } from '../../../../src-main/providers/http/read-errors.ts';
import { retryAfterMs } from '../../../../src-main/providers/http/retry-after.ts';

const asked = { title: 'fal' };
const answered = (status: number, purpose: CallPurpose = 'submit', wait: number | null = null, more = {}) =>
  new ProviderHttpError({
    ...{ provider: 'fal', purpose, status, code: null, body: '{"detail":"why"}', headers: {}, retryAfterMs: wait },
    ...more,
  });

describe('the table of answers to a submit', () => {
  it.each([
    [400, 'rejected', 'permanent', 'rejected_request'],
    [401, 'rejected', 'permanent', 'account'],
    [402, 'rejected', 'budget', 'account'],
    [403, 'rejected', 'permanent', 'account'],
    [404, 'rejected', 'permanent', 'rejected_request'],
    [413, 'rejected', 'permanent', 'rejected_request'],
    [422, 'rejected', 'permanent', 'rejected_request'],
    [429, 'rejected', 'transient', 'rate_limit'],
    [408, 'unknown', 'transient', 'server'],
    [302, 'unknown', 'transient', 'server'],
    [500, 'unknown', 'transient', 'server'],
    [502, 'unknown', 'transient', 'server'],
    [503, 'unknown', 'transient', 'server'],
    [504, 'unknown', 'transient', 'server'],
  ])('%i is %s: %s, %s', (status, kind, category, detail) => {
    expect(readSubmitError(answered(status), asked)).toMatchObject({ kind, failure: { category, detail } });
  });

  it('hands on how long a 429 asks to wait', () => {
    expect(readSubmitError(answered(429, 'submit', 30_000), asked).failure.retryAfterMs).toBe(30_000);
    expect(readSubmitError(answered(429), asked).failure.retryAfterMs).toBeNull();
  });

  it('says where to look when a key is refused', () => {
    expect(readSubmitError(answered(401), asked).failure.message).toContain('The key was refused');
    expect(readSubmitError(answered(401), asked).failure.message).toContain('Settings');
  });

  it('is not made certain by what an adapter knows of a 5xx', () => {
    const refine = () => failureOf('content_filter', 'rejected_request', 'no');
    expect(readSubmitError(answered(422), { title: 'fal', refine })).toMatchObject({
      kind: 'rejected',
      failure: { category: 'content_filter' },
    });
    expect(readSubmitError(answered(500), { title: 'fal', refine })).toMatchObject({
      kind: 'unknown',
      failure: { category: 'transient' },
    });
  });

  it('has a bug in doubt, and what was never sent as not sent', () => {
    expect(readSubmitError(new TypeError('undefined is not a function'), asked).kind).toBe('unknown');
    const failure = failureOf('permanent', 'account', 'No key');
    expect(readSubmitError(new NotSentError(failure), asked)).toEqual({ kind: 'not-sent', failure });
  });
});

describe('a poll or download that failed', () => {
  it('loses no job because a key is refused for a while', () => {
    expect(readFetchError(answered(401, 'poll'), asked)).toMatchObject({ category: 'transient', detail: 'account' });
    expect(readFetchError(answered(402, 'fetch'), asked)).toMatchObject({ category: 'transient', detail: 'account' });
    const body = '{"detail":"You do not have access to this model."}';
    expect(readFetchError(answered(403, 'poll', null, { body }), asked)).toMatchObject({
      ...{ category: 'transient', detail: 'account' },
    });
    const refine = () => failureOf('permanent', 'rejected_request', 'no');
    expect(readFetchError(answered(403, 'poll'), { ...asked, refine })).toMatchObject({
      ...{ category: 'transient', detail: 'account' },
    });
    expect(readFetchError(answered(404, 'poll'), { ...asked, refine }).category).toBe('permanent');
  });

  it('stops an upload with a refused key, which has cost nothing yet', () => {
    expect(readFetchError(answered(403, 'upload'), asked)).toMatchObject({ category: 'permanent', detail: 'account' });
    expect(readFetchError(answered(402, 'upload'), asked)).toMatchObject({ category: 'budget', detail: 'account' });
  });

  it('has nothing to do with the key where a signed address has run out', () => {
    for (const status of [401, 403]) {
      const error = answered(status, 'upload', null, { withoutKey: true });
      expect(readFetchError(error, asked)).toMatchObject({ category: 'transient', detail: 'server' });
    }
  });

  it('can be asked again after trouble on the way', () => {
    for (const kind of ['dns', 'refused', 'tls', 'reset', 'unreachable'] as const) {
      const error = new TransportError({ asked, sent: true, kind });
      expect(readFetchError(error, asked)).toMatchObject({ category: 'transient', detail: 'network' });
    }
    const late = new TransportError({ asked, sent: true, kind: 'timeout' });
    expect(readFetchError(late, asked)).toMatchObject({ category: 'transient', detail: 'timeout' });
    expect(readFetchError(answered(503, 'poll'), asked)).toMatchObject({ category: 'transient', detail: 'server' });
  });

  it('tells a bad file, which may be better next time, from one that is gone', () => {
    expect(readFetchError(new BadDownloadError('half'), asked)).toMatchObject({
      category: 'transient',
      detail: 'bad_output',
    });
    expect(readFetchError(new ExpiredError('gone'), asked)).toMatchObject({
      category: 'permanent',
      detail: 'bad_output',
    });
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['-5', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
