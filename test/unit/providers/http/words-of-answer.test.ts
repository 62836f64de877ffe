import { expect, it } from 'vitest';
import { wordsOfAnswer } from '../../../../src-main/providers/http/words-of-answer.ts';

it.each([
  ['{"code":1301,"message":"Trigger the security strategy","request_id":"08b6"}', 'Trigger the security strategy'],
  [
    '{"detail":[{"loc":["body","prompt"],"msg":"The input is not valid.","type":"value_error"}]}',
    'prompt: The input is not valid.',
  ],
  ['{"detail":[{"loc":["body","a"],"msg":"one"},{"loc":["body","b","c"],"msg":"two"}]}', 'a: one; b.c: two'],
  ['{"detail":"Application not found","error_type":"x"}', 'Application not found'],
  ['{"error":{"code":400,"message":"moderation blocked"}}', 'moderation blocked'],
  ['{"error":"no such model"}', 'no such model'],
  ['{"weird":1}', '{"weird":1}'],
  ['<!DOCTYPE html><title>502</title>', 'a web page instead of an answer'],
  ['upstream  went\naway', 'upstream went away'],
  ['', ''],
])('of %s people read “%s”', (body, words) => {
  expect(wordsOfAnswer(body)).toBe(words);
});

it('is cut short', () => {
  expect(wordsOfAnswer('x'.repeat(5000))).toHaveLength(401);
});
