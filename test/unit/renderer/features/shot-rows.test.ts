import { describe, expect, test } from 'vitest';
import { areSamePlaces, stickyHeading, toRows } from '../../../../src-renderer/features/dailies/shot-rows.ts';
import { sampleShot } from '../../../fakes/api-samples.ts';

const inScene = (id: string, sceneId: string) => ({ ...sampleShot(id), sceneId });
const shots = [inScene('EP001_SH001', 'a'), inScene('EP001_SH002', 'a'), inScene('EP001_SH003', 'b')];

describe('the rows of the shot list', () => {
  test('have a heading before the first shot of each scene, with the number of its shots', () => {
    const rows = toRows(shots, 'story').map((row) =>
      row.kind === 'scene' ? `${row.sceneId}:${row.shots}` : row.shot.id,
    );
    expect(rows).toEqual(['a:2', 'EP001_SH001', 'EP001_SH002', 'b:1', 'EP001_SH003']);
  });

  test('have no headings in another order', () => {
    expect(toRows(shots, 'spend').every((row) => row.kind === 'shot')).toBe(true);
  });

  test('keep the heading of the scene in view on top', () => {
    const rows = toRows(shots, 'story');
    expect([0, 2, 3, 4].map((first) => stickyHeading(rows, first))).toEqual([0, 0, 3, 3]);
    expect(stickyHeading(toRows(shots, 'spend'), 1)).toBeNull();
  });

  test('stand where they stood when a shot has only changed, and not when one has moved', () => {
    const rows = toRows(shots, 'story');
    const changed = shots.map((shot, index) =>
      index === 1 ? { ...shot, standing: 'changed-since-start' as const } : shot,
    );
    expect(areSamePlaces(rows, toRows(changed, 'story'))).toBe(true);
    expect(areSamePlaces(rows, toRows([...shots].reverse(), 'story'))).toBe(false);
    expect(areSamePlaces(rows, toRows(shots.slice(1), 'story'))).toBe(false);
  });
});
