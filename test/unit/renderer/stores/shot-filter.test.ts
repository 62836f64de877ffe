import { describe, expect, test } from 'vitest';
import { listShots } from '../../../../src-renderer/stores/shot-filter.ts';
import { noFilters, type ShotFilters, type ShotSort } from '../../../../src-renderer/stores/view-store.ts';
import type { Shot } from '../../../../src-shared/domain/shot.ts';
import { sampleShot } from '../../../fakes/api-samples.ts';

const [first, second, third] = [
  sampleShot('EP001_SH001', 0),
  sampleShot('EP001_SH002', 1),
  sampleShot('EP001_SH003', 2),
];
const settled: Shot = withState(second, 'stabilized');
const queued: Shot = withState(third, 'queued');
const shots = [queued, settled, first];

function withState(shot: Shot, state: 'stabilized' | 'queued'): Shot {
  return { ...shot, phases: { ...shot.phases, previs: { ...shot.phases.previs, state } } };
}

function ids(filters: Partial<ShotFilters>, sort: ShotSort = 'story', spent: Record<string, number> = {}) {
  const summaries = new Map(
    shots.map(({ id }) => [id, { takeCount: 0, posterTakeId: null, spentMicroUsd: spent[id] ?? 0 }]),
  );
  return listShots(shots, summaries, { filters: { ...noFilters, ...filters }, sort }).map((shot) => shot.id.slice(-3));
}

describe('the shot list', () => {
  test('is in story order', () => {
    expect(ids({})).toEqual(['001', '002', '003']);
  });

  test('can show only what needs the director', () => {
    expect(ids({ standing: 'needs-you' })).toEqual(['001']);
    expect(ids({ standing: 'needs-you', phase: 'video' })).toEqual([]);
  });

  test('calls a shot settled when its video is, unless a phase is named', () => {
    expect(ids({ standing: 'settled' })).toEqual([]);
    expect(ids({ standing: 'settled', phase: 'previs' })).toEqual(['002']);
  });

  test('finds every word of the search in ids, headings and prompts, whatever their case', () => {
    expect(ids({ text: 'HILL car' })).toEqual(['001', '002', '003']);
    expect(ids({ text: 'sh002 hill' })).toEqual(['002']);
    expect(ids({ text: 'hill harbour' })).toEqual([]);
  });

  test('can put what needs the director, or what cost most, first', () => {
    expect(ids({}, 'needs-you')).toEqual(['001', '003', '002']);
    expect(ids({}, 'spend', { EP001_SH003: 5, EP001_SH002: 9 })).toEqual(['002', '003', '001']);
  });
});
