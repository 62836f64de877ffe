import { describe, expect, it } from 'vitest';
import {
  complaintIn,
  failureOfComplaint,
  failureOfResult,
  fileIn,
  listedRequestSchema,
} from '../../../../src-main/providers/fal/fal-answers.ts';
import { likenessOf } from '../../../../src-main/providers/fal/fal-reconcile.ts';

const model = (...types: string[]) => ({ detail: types.map((type) => ({ loc: ['body'], msg: `said ${type}`, type })) });
const platform = (error_type: string, detail = 'said') => ({ detail, error_type });

describe('an error body of fal', () => {
  it.each([
    [422, model('content_policy_violation'), 'content_filter', 'rejected_request'],
    [422, model('value_error', 'content_policy_violation'), 'content_filter', 'rejected_request'],
    [422, model('missing'), 'permanent', 'rejected_request'],
    [422, model('image_too_large'), 'permanent', 'rejected_request'],
    [422, model('file_download_error'), 'transient', 'server'],
    [500, model('internal_server_error'), 'transient', 'server'],
    [504, platform('request_timeout'), 'transient', 'timeout'],
    [504, platform('startup_timeout'), 'transient', 'timeout'],
    [503, platform('runner_scheduling_failure'), 'transient', 'server'],
    [503, platform('runner_connection_timeout'), 'transient', 'server'],
    [503, platform('runner_disconnected'), 'transient', 'server'],
    [499, platform('client_cancelled'), 'permanent', 'cancelled'],
    [500, { detail: 'Internal Server Error' }, 'transient', 'server'],
    [504, 'Gateway Timeout', 'transient', 'timeout'],
    [404, { detail: 'not here' }, 'permanent', 'rejected_request'],
    [403, { detail: 'User is locked. Reason: Exhausted balance.' }, 'budget', 'account'],
    [403, { detail: 'User is locked. Reason: TOP_UP.' }, 'budget', 'account'],
  ] as const)('%i %j is %s, %s', (status, body, category, detail) => {
    expect(failureOfResult(status, complaintIn(body))).toMatchObject({ category, detail });
  });

  it('is told in the model’s own words, each once', () => {
    const body = { detail: [...model('missing').detail, ...model('missing').detail] };
    expect(failureOfResult(422, complaintIn(body)).message).toBe('fal: said missing');
    expect(failureOfResult(500, null).message).toBe('fal: the model answered 500 without a reason');
  });

  it('that says nothing known leaves it to the status', () => {
    expect(failureOfComplaint({ types: ['value_error'], message: 'policy of truth' })).toBeNull();
    expect(complaintIn({ error: 'other' })).toBeNull();
    expect(complaintIn(null)).toBeNull();
  });
});

describe('a result of fal', () => {
  it('holds one file, whatever it is', () => {
    expect(fileIn('{"video":{"url":"https://x.test/v.mp4"},"seed":1}')?.url).toBe('https://x.test/v.mp4');
    expect(fileIn('{"images":[{"url":"https://x.test/a.png","width":1},{"url":"https://x.test/b.png"}]}')?.url).toBe(
      'https://x.test/a.png',
    );
    for (const none of ['{"images":[]}', '{}', 'null', 'no json', '{"video":{"url":""}}'])
      expect(fileIn(none)).toBeNull();
  });
});

describe('a listed request', () => {
  const sent = { prompt: 'a', seed: 7, image_urls: ['https://x.test/a', 'sha256:b'], duration: '5' };

  it('is ours when its input is, whatever the order of its fields', () => {
    const listed = { duration: '5', image_urls: ['https://x.test/a', 'sha256:b'], seed: 7, prompt: 'a' };
    expect(likenessOf(sent, listed, new Set())).toBe('same');
  });

  it.each([
    ['another seed', { ...sent, seed: 8 }],
    ['another type', { ...sent, duration: 5 }],
    ['one picture more', { ...sent, image_urls: [...sent.image_urls, 'x'] }],
    ['another picture', { ...sent, image_urls: ['https://x.test/other', 'https://x.test/b'] }],
    ['a field less', { prompt: 'a', seed: 7, duration: '5' }],
    ['a list', [sent]],
    ['a text', 'a'],
  ])('with %s is another', (_what, listed) => {
    expect(likenessOf(sent, listed, new Set(['sha256:b']))).toBe('other');
  });

  it('is like ours when only the address of a file, or a default, differs', () => {
    const moved = { ...sent, image_urls: ['https://x.test/a', 'https://x.test/b'] };
    expect(likenessOf(sent, moved, new Set(['sha256:b']))).toBe('alike');
    expect(likenessOf(sent, { ...sent, num_images: 1 }, new Set())).toBe('alike');
  });

  it('says nothing when its input is not shown', () => {
    expect(likenessOf(sent, null, new Set())).toBe('unknown');
    expect(likenessOf(sent, undefined, new Set())).toBe('unknown');
  });

  it('has no time when what it says is none', () => {
    expect(listedRequestSchema.parse({ request_id: 'a', sent_at: 'soon' }).sent_at).toBeNull();
    expect(listedRequestSchema.parse({ request_id: 'a' }).sent_at).toBeNull();
  });
});
