/** Rows of the shot list: scene headings between shots in story order, shots alone in any other. Pure. */
import type { Shot } from '../../../src-shared/domain/shot.ts';
import type { ShotSort } from '../../stores/view-store.ts';

export type ShotRowItem =
  | { kind: 'scene'; key: string; sceneId: string; heading: string; shots: number }
  | { kind: 'shot'; key: string; shot: Shot };

/** Groups neighbouring shots of one scene under a heading. */
export function toRows(shots: readonly Shot[], sort: ShotSort): ShotRowItem[] {
  if (sort !== 'story') return shots.map((shot) => ({ kind: 'shot', key: shot.id, shot }));
  const rows: ShotRowItem[] = [];
  let scene: Extract<ShotRowItem, { kind: 'scene' }> | null = null;
  for (const shot of shots) {
    if (scene === null || scene.sceneId !== shot.sceneId) {
      const key = `scene/${shot.sceneId}/${rows.length}`;
      scene = { kind: 'scene', key, sceneId: shot.sceneId, heading: shot.sceneHeading, shots: 0 };
      rows.push(scene);
    }
    scene.shots += 1;
    rows.push({ kind: 'shot', key: shot.id, shot });
  }
  return rows;
}

/** Index of the heading that stays at the top while row `first` is the first one in view; null in an ungrouped list. */
export function stickyHeading(rows: readonly ShotRowItem[], first: number): number | null {
  for (let index = Math.min(first, rows.length - 1); index >= 0; index -= 1) {
    if (rows[index]?.kind === 'scene') return index;
  }
  return null;
}

/** Whether the same rows stand in the same places, whatever has changed in them. */
export function areSamePlaces(some: readonly ShotRowItem[], others: readonly ShotRowItem[]): boolean {
  return some.length === others.length && some.every((row, index) => row.key === others[index]?.key);
}
