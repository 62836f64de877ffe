import { describe, expect, it } from 'vitest';
import { hashOfFinding, minCases, type SuggestFrom, suggest } from '../../../src-main/learning/suggest.ts';
import { proportionOf } from '../../../src-shared/domain/proportion.ts';
import { bannedWords } from '../../../src-shared/phrases.ts';

const nothing: SuggestFrom = { gates: [], retries: [], byShotType: [], byPhase: [] };
const gate = (falsePositive: [number, number], falseNegative: [number, number]): SuggestFrom => ({
  ...nothing,
  gates: [
    { gate: 'gate_1', falsePositive: proportionOf(...falsePositive), falseNegative: proportionOf(...falseNegative) },
  ],
});
const texts = (from: SuggestFrom) => suggest(from).map(({ text }) => text);

describe('a gate', () => {
  it('is called strict when even the lower end of what people approved is above a fifth', () => {
    // 9 of 20 → 25.8 %…65.8 %; 8 of 20 → 21.9 %…61.3 %; 7 of 20 → 18.1 %…56.7 %
    expect(texts(gate([0, 0], [8, 20]))).toEqual([expect.stringContaining('turns away takes that people approve')]);
    expect(texts(gate([0, 0], [7, 20]))).toEqual([]);
  });

  it('is called lax when even the lower end of what people rejected is above a tenth', () => {
    // 6 of 20 → 14.5 %; 5 of 20 → 11.2 %; 4 of 20 → 8.1 %
    expect(texts(gate([5, 20], [0, 0]))).toEqual([expect.stringContaining('passes takes that people reject')]);
    expect(texts(gate([4, 20], [0, 0]))).toEqual([]);
  });

  it('is trusted only after many decisions in its favour', () => {
    // 0 of 34 → up to 10.15 %; 0 of 35 → up to 9.89 %
    expect(texts(gate([0, 34], [0, 0]))).toEqual([]);
    expect(texts(gate([0, 35], [0, 0]))).toEqual([expect.stringContaining('seldom rejected')]);
  });

  it('is not spoken of with fewer cases, whatever they show', () => {
    expect(minCases).toBe(20);
    expect(texts(gate([19, 19], [19, 19]))).toEqual([]);
  });
});

it('engines are compared in one phase only, and only when their intervals have nothing in common', () => {
  const row = (phase: 'keyframe' | 'video', model: string, hits: number) => ({
    phase,
    model,
    passed: proportionOf(hits, 40),
  });
  const byPhase = [row('keyframe', 'a', 38), row('keyframe', 'b', 12), row('keyframe', 'c', 34), row('video', 'd', 2)];
  expect(texts({ ...nothing, byPhase })).toEqual([
    'a passes the gates more often than b in Keyframe.',
    'c passes the gates more often than b in Keyframe.',
  ]);
});

it('types of shot that seldom pass and repeats that seldom help are named with their evidence', () => {
  const found = suggest({
    ...nothing,
    byShotType: [{ shotType: 'two_shot', passed: proportionOf(4, 24), undecided: 0, faults: 0 }],
    retries: [{ category: 'gate_mechanical', succeeded: proportionOf(1, 24), notCarriedThrough: 0 }],
  });
  expect(found.map(({ evidence }) => evidence)).toEqual([
    '4 of 24 (17 %, 7–36 %) of its takes passed the gates.',
    '1 of 24 (4 %, 1–20 %) of the repeats brought a take that stood.',
  ]);
});

it('nothing is spoken of with fewer cases: no type of shot, no repeat, no pair of engines', () => {
  const few = suggest({
    ...nothing,
    byShotType: [{ shotType: 'two_shot', passed: proportionOf(0, minCases - 1), undecided: 0, faults: 0 }],
    retries: [{ category: 'gate_mechanical', succeeded: proportionOf(0, minCases - 1), notCarriedThrough: 0 }],
    byPhase: [
      { phase: 'video', model: 'a', passed: proportionOf(40, 40) },
      { phase: 'video', model: 'b', passed: proportionOf(0, minCases - 1) },
    ],
  });
  expect(few).toEqual([]);
});

it('speaks as the floor does', () => {
  const everything = suggest({
    gates: [{ gate: 'gate_3', falsePositive: proportionOf(40, 40), falseNegative: proportionOf(40, 40) }],
    retries: [{ category: 'transient', succeeded: proportionOf(0, 40), notCarriedThrough: 0 }],
    byShotType: [{ shotType: 'complex', passed: proportionOf(0, 40), undecided: 0, faults: 0 }],
    byPhase: [
      { phase: 'video', model: 'a', passed: proportionOf(40, 40) },
      { phase: 'video', model: 'b', passed: proportionOf(0, 40) },
    ],
  });
  expect(everything).toHaveLength(5);
  for (const { text, evidence } of everything) expect(bannedWords.exec(`${text} ${evidence}`)).toBeNull();
});

it('the same words are the same finding however they are written down, other words are another', () => {
  expect(hashOfFinding('  Gate 1\n turns  away takes. ')).toBe(hashOfFinding('gate 1 turns away takes'));
  expect(hashOfFinding('Gate 1 turns away takes')).not.toBe(hashOfFinding('Gate 1 turns away'));
});
