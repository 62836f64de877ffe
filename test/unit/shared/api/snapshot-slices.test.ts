import { describe, expect, test } from 'vitest';
import type { ProjectSnapshot, SnapshotSlice } from '../../../../src-shared/api/projects-contract.ts';
import { gatherSnapshot, type SnapshotProgress, sliceSnapshot } from '../../../../src-shared/api/snapshot-slices.ts';
import { sampleShot, sampleSnapshot } from '../../../fakes/api-samples.ts';

function snapshotOf(shots: number): ProjectSnapshot {
  const ids = Array.from({ length: shots }, (_, place) => `EP001_SH${String(place + 1).padStart(3, '0')}`);
  return {
    ...sampleSnapshot(7),
    shots: ids.map((id, place) => sampleShot(id, place)),
    summaries: Object.fromEntries(ids.map((id) => [id, { takeCount: 1, posterTakeId: `${id}_T1`, spentMicroUsd: 2 }])),
  };
}

async function* travel(slices: Iterable<SnapshotSlice>) {
  yield* slices;
}

describe('a snapshot in slices', () => {
  test.each([0, 1, 4, 5, 11])('is the same when it is put together again, of %i shots', async (shots) => {
    const snapshot = snapshotOf(shots);
    expect(await gatherSnapshot(travel(sliceSnapshot(snapshot, 5)))).toEqual(snapshot);
  });

  test('tells after each slice how much of it is there', async () => {
    const told: SnapshotProgress[] = [];
    await gatherSnapshot(travel(sliceSnapshot(snapshotOf(11), 5)), (progress) => void told.push(progress));
    expect(told.map(({ shots }) => shots)).toEqual([0, 5, 10, 11]);
    expect(told.every(({ of }) => of === 11)).toBe(true);
  });

  test('is nothing when it ends before it is whole', async () => {
    const slices = [...sliceSnapshot(snapshotOf(11), 5)];
    await expect(gatherSnapshot(travel(slices.slice(0, -1)))).rejects.toThrow(TypeError);
    await expect(gatherSnapshot(travel(slices.slice(1)))).rejects.toThrow(TypeError);
    await expect(gatherSnapshot(travel([]))).rejects.toThrow(TypeError);
  });

  test('is asked for no further by a listener that throws', async () => {
    let given = 0;
    async function* counted() {
      for (const slice of sliceSnapshot(snapshotOf(11), 5)) {
        given += 1;
        yield slice;
      }
    }
    const gathering = gatherSnapshot(counted(), ({ shots }) => {
      if (shots === 5) throw new Error('enough');
    });
    await expect(gathering).rejects.toThrow('enough');
    expect(given).toBe(2);
  });
});
