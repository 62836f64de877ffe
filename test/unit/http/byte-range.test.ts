import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRange } from '../../../src-main/http/byte-range.ts';

const part = (start: number, end: number) => ({ kind: 'part', range: { start, end } });

describe('readRange', () => {
  it.each([
    ['bytes=0-499', part(0, 499)],
    ['bytes=500-', part(500, 999)],
    ['bytes=0-', part(0, 999)],
    ['bytes=999-', part(999, 999)],
    ['bytes=0-0', part(0, 0)],
    ['bytes=-1', part(999, 999)],
    ['bytes=-200', part(800, 999)],
    ['bytes=-5000', part(0, 999)],
    ['bytes=900-99999', part(900, 999)],
    ['Bytes= 0-1 ', part(0, 1)],
    ['bytes=1000-', { kind: 'unsatisfiable' }],
    ['bytes=99999999999999999999-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=5-2', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=0-1,5-6', { kind: 'whole' }],
    ['bytes=a-b', { kind: 'whole' }],
    ['bytes=1.5-2', { kind: 'whole' }],
    ['bytes=--1', { kind: 'whole' }],
    ['bytes=0x1-2', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    ['', { kind: 'whole' }],
    [undefined, { kind: 'whole' }],
  ])('reads %s of 1,000 bytes', (header, expected) => {
    expect(readRange(header, 1000)).toEqual(expected);
  });

  it('can satisfy no range of an empty file', () => {
    expect(readRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' });
    expect(readRange('bytes=-1', 0)).toEqual({ kind: 'unsatisfiable' });
  });

  it('never leaves the file, whatever is asked', () => {
    const number = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom('', '-1', '1e9', 'NaN', '٣', '00', ' 1'));
    const header = fc.oneof(
      fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`),
      fc.string(),
      fc.string().map((text) => `bytes=${text}`),
    );
    fc.assert(
      fc.property(header, fc.nat(100_000), (text, size) => {
        const answer = readRange(text, size);
        if (answer.kind !== 'part') return true;
        const { start, end } = answer.range;
        return Number.isSafeInteger(start) && start >= 0 && start <= end && end < size;
      }),
      { numRuns: 20_000 },
    );
  });
});
