import { describe, expect, it } from 'vitest';
import {
  categoryOfGate,
  classifyFailure,
  classifyText,
  failedGate,
} from '../../../src-main/orchestrator/classify-failure.ts';
import { AppError } from '../../../src-main/platform/app-error.ts';
import { gateResult } from '../../fakes/production-world.ts';

describe('a text that nobody typed', () => {
  it.each([
    ['HTTP 429 Too Many Requests', 'transient', 'rate_limit'],
    ['rate limit reached, slow down', 'transient', 'rate_limit'],
    ['read ECONNRESET', 'transient', 'network'],
    ['connection refused', 'transient', 'network'],
    ['getaddrinfo ENOTFOUND queue.example', 'transient', 'network'],
    ['request timed out after 30 s', 'transient', 'timeout'],
    ['HTTP 503', 'transient', 'server'],
    ['status: 500', 'transient', 'server'],
    ['502 Bad Gateway', 'transient', 'server'],
    ['blocked by the content policy', 'content_filter', 'rejected_request'],
    ['rejected: safety filter', 'content_filter', 'rejected_request'],
    ['insufficient balance', 'budget', 'account'],
    ['write failed: ENOSPC', 'budget', 'disk'],
  ])('%s is %s (%s)', (text, category, detail) => {
    expect(classifyText(text)).toEqual({ category, detail });
  });

  it.each([
    'render took 1500 ms',
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
