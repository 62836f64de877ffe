import { describe, expect, test } from 'vitest';
import { Freshness } from '../../../../src-renderer/stores/freshness.ts';

describe('an answer', () => {
  test('is old until it has been asked for, and again when something touches it', () => {
    const freshness = new Freshness();
    expect(freshness.isOld('a')).toBe(true);
    freshness.ask('a');
    expect(freshness.isOld('a')).toBe(false);
    freshness.touch('a');
    expect(freshness.isOld('a')).toBe(true);
    freshness.ask('a');
    expect(freshness.isOld('a')).toBe(false);
  });

  test('is old already when something happened while it was under way', () => {
    const freshness = new Freshness();
    const ticket = freshness.ask('a');
    freshness.touch('a');
    expect(freshness.accepts('a', ticket)).toBe(true);
    expect(freshness.isOld('a')).toBe(true);
  });

  test('of an earlier asking does not take the place of a later one', () => {
    const freshness = new Freshness();
    const first = freshness.ask('a');
    const second = freshness.ask('a');
    expect([freshness.accepts('a', first), freshness.accepts('a', second)]).toEqual([false, true]);
  });

  test('that nobody asked for is touched by nothing, and none is accepted after a reset', () => {
    const freshness = new Freshness();
    freshness.touch('a');
    expect([...freshness.keys()]).toEqual([]);
    const ticket = freshness.ask('a');
    freshness.clear();
    expect(freshness.accepts('a', ticket)).toBe(false);
  });
});
