import { describe, expect, it } from 'vitest';
import {
  categoryOfGate,
  classifyFailure,
  classifyText,
  failedGate,
} from '../../../src-main/orchestrator/classify-failure.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import type { FailureCategory, FailureDetail } from '../../../src-shared/domain/failure.ts';
import { gateResult } from '../../fakes/production-world.ts';

function told(category: FailureCategory, detail: FailureDetail, texts: string[]) {
  return texts.map((text): [string, FailureCategory, FailureDetail] => [text, category, detail]);
}

describe('a text that nobody typed', () => {
  it.each<[string, FailureCategory, FailureDetail]>([
    ...told('transient', 'rate_limit', [
      ...['HTTP 429', 'status: 429', 'code=429', '429 Too Many Requests', 'rate limit reached, slow down'],
      ...['rate_limited', 'rate-limit'],
    ]),
    ...told('transient', 'network', [
      ...['read ECONNRESET', 'ECONNREFUSED 127.0.0.1:443', 'getaddrinfo ENOTFOUND queue.example', 'EAI_AGAIN'],
      ...['write EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'connection reset by peer', 'connection refused'],
      ...['the connection closed early', 'socket hang up', 'fetch failed'],
    ]),
    ...told('transient', 'timeout', [
      ...['request timed out after 30 s', 'timeout of 5 s', 'time out', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'],
      ...['UND_ERR_HEADERS_TIMEOUT', '504 Gateway Timeout'],
    ]),
    ...told('transient', 'server', [
      ...['HTTP 503', 'status: 500', 'code=502', 'http 504', 'Internal Server Error', '502 Bad Gateway'],
      '503 Service Unavailable',
    ]),
    ...told('content_filter', 'rejected_request', [
      ...['blocked by the content policy', 'content_filter', 'content-filtered', 'moderation_blocked'],
      ...['moderation blocked it', 'rejected: safety filter', 'safety system', 'safety policy'],
    ]),
    ...told('budget', 'account', [
      ...['insufficient balance', 'insufficient funds', 'insufficient credit', 'insufficient credits'],
      ...['402 Payment Required', 'you are over budget', 'budget exceeded'],
    ]),
    ...told('budget', 'disk', ['write failed: ENOSPC', 'EDQUOT', 'the disk is full']),
  ])('%s is %s (%s)', (text, category, detail) => {
    expect(classifyText(text)).toEqual({ category, detail });
  });

  it.each([
    'render took 1500 ms',
    'http 5031',
    'error code 4290',
    'ENOSPCX',
    'reinsufficient funds',
    'preconnection reset',
    'a safety systematic',
    'untimed outing',
    'a corporate limit',
    'job 4295003 is unknown',
    'the surface of the table melts',
    'a handheld camera climbs the hill',
    'phase two emerges from the policy of truth',
    'access to the folder was refused',
    'the path is blocked by a tree',
    'token budget of the prompt: 500 words',
    'wrong costume in phase three',
    '',
  ])('%j names no cause and is permanent, for a person to read', (text) => {
    expect(classifyText(text)).toEqual({ category: 'permanent', detail: 'unknown' });
  });
});

describe('something thrown', () => {
  it('is read by its code where it has one', () => {
    const reset = Object.assign(new Error('socket trouble'), { code: 'ECONNRESET' });
    expect(classifyFailure(reset)).toMatchObject({ category: 'transient', detail: 'network' });
  });

  it('is a pause for the batch when the disk is full', () => {
    const full = new AppError({ code: 'disk.full', message: 'The disk is full.' });
    expect(classifyFailure(full)).toMatchObject({ category: 'budget', detail: 'disk', message: 'The disk is full.' });
  });

  it.each([
    ['budget.exhausted', 'budget', 'account'],
    ['ref.missing', 'permanent', 'missing_ref'],
    ['media.unreadable', 'gate_mechanical', 'bad_output'],
    ['disk.full', 'budget', 'disk'],
    ['file.changed', 'permanent', 'unknown'],
  ] as const)('with our own code %s is %s (%s), whatever it says', (code, category, detail) => {
    const error = new AppError({ code, message: 'HTTP 429' });
    expect(classifyFailure(error)).toEqual({ category, detail, message: 'HTTP 429', retryAfterMs: null });
  });

  it('without a word has a sentence all the same', () => {
    expect(classifyFailure(new Error('')).message).toBe('No reason was given.');
  });

  it('is repeated only when the error says that this can help', () => {
    const code = 'provider.refused' as const;
    expect(classifyFailure(new AppError({ code, message: 'no', retry: true })).category).toBe('transient');
    expect(classifyFailure(new AppError({ code, message: 'no' })).category).toBe('permanent');
  });

  it('may be anything at all', () => {
    for (const thrown of [null, undefined, 7, 'timed out', {}]) expect(() => classifyFailure(thrown)).not.toThrow();
    expect(classifyFailure('timed out').category).toBe('transient');
  });
});

describe('a gate that rejected', () => {
  it('is classified by its name, never by words in its reason', () => {
    expect(categoryOfGate('gate_1')).toBe('gate_mechanical');
    expect(categoryOfGate('gate_2a_identity')).toBe('gate_identity');
    expect(categoryOfGate('gate_2a_wardrobe')).toBe('gate_wardrobe');
    expect(categoryOfGate('gate_3')).toBe('gate_video_drift');
  });

  it('is the first that failed', () => {
    const results = [
      gateResult('gate_1', 'review'),
      gateResult('gate_3', 'fail'),
      gateResult('gate_2a_identity', 'fail'),
    ];
    expect(failedGate(results)?.gate).toBe('gate_3');
    expect(failedGate([gateResult('gate_1', 'unmeasurable')])).toBeNull();
  });
});
