import { describe, expect, test } from 'vitest';
import * as attemptPhrases from '../../../src-shared/attempt-phrases.ts';
import type { BatchCounts } from '../../../src-shared/domain/batch.ts';
import { errorHeadlines } from '../../../src-shared/error-headlines.ts';
import * as phrases from '../../../src-shared/phrases.ts';
import { sampleBatch } from '../../fakes/api-samples.ts';

/** Every string of the catalogue with the place where it stands. */
function walk(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (value === null || typeof value !== 'object' || value instanceof RegExp) return [];
  return Object.entries(value).flatMap(([key, inner]) => walk(inner, `${path}.${key}`));
}

const catalogue = { ...phrases, ...attemptPhrases, errorHeadlines };
const all = Object.entries(catalogue).flatMap(([name, value]) => walk(value, name));

describe('the phrase catalogue', () => {
  test('holds the words of a factory and none of a chat tool', () => {
    expect(all.length).toBeGreaterThan(120);
    expect(all.filter(([, text]) => phrases.bannedWords.test(text))).toEqual([]);
  });

  test('says of a false positive that the gates had passed it, of a false negative that they had rejected it', () => {
    const { false_positive, false_negative } = phrases.gateDisagreementPhrases;
    expect([false_positive, false_negative]).toEqual([
      expect.stringContaining('passed'),
      expect.stringContaining('rejected'),
    ]);
  });

  test('has no empty phrase', () => {
    expect(all.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test.each(['Generated', 'then retry', '2 retries', 'Failed', 'failure', 'Error', 'pending', 'Paused', 'Success'])(
    'would notice %j',
    (text) => {
      expect(phrases.bannedWords.test(text)).toBe(true);
    },
  );

  test('leaves words alone that only look alike', () => {
    expect(
      ['Terror in the fog', 'A general', 'Spending', 'pause'].filter((text) => phrases.bannedWords.test(text)),
    ).toEqual([]);
  });

  test('counts remediations and names the outcome of what is settled', () => {
    const phase = { state: 'remediating' as const, outcome: null, remediationCount: 1, remediationLimit: 2 };
    expect(phrases.phraseOfPhase(phase)).toBe('Remediating (1/2)');
    expect(phrases.phraseOfPhase({ ...phase, state: 'stabilized', outcome: 'approved' })).toBe('Approved');
    expect(phrases.phraseOfPhase({ ...phase, state: 'awaiting_operator' })).toBe('Awaiting operator');
  });

  test('speaks of the line in the form that the line sheet gives', () => {
    expect(phrases.phraseOfLine('active', 3, 7)).toBe('Production Line: Active | 3/7 Stabilized');
  });

  test('says that a batch with only reviews left awaits the operator', () => {
    expect(phrases.phraseOfBatch(sampleBatch('b', { awaitingOperator: true }))).toBe('Awaiting operator');
    expect(phrases.phraseOfBatch(sampleBatch('b'))).toBe('In production');
  });

  test('calls a batch complete only when nothing of it is left to run or to review', () => {
    const ended = (counts: Partial<BatchCounts>) =>
      phrases.phraseOfBatch(
        sampleBatch('b', { status: 'complete', counts: { ...sampleBatch('b').counts, pending: 0, ...counts } }),
      );
    expect(ended({ completed: 1 })).toBe('Production complete');
    expect(ended({ pending: 1 })).toBe('Production stopped');
    expect(ended({ inReview: 1 })).toBe('Production stopped');
  });

  test('says of what is left of a batch that it is to go only while it goes', () => {
    const counts = { total: 12, pending: 8, inReview: 1, completed: 2, halted: 1 };
    const said = ['2 of 12 shots done', '1 needs you', '1 halted'];
    expect(phrases.phrasesOfCounts({ status: 'paused', counts })).toEqual([...said, '8 to go']);
    expect(phrases.phrasesOfCounts({ status: 'failed', counts })).toEqual([...said, '8 not finished']);
    expect(phrases.phrasesOfCounts({ status: 'complete', counts: { ...counts, pending: 0 } })).toEqual(said);
  });
});
