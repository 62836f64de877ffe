/**
 * A snapshot on its way to a window. Ten thousand shots are eighteen megabytes: in one piece they would hold the Studio for
 * half a second and the window for a fifth. So what holds for all of it comes first and the shots follow, a few at a time.
 * Everything is as of the one journal number, and nothing counts before all of it is there.
 */
import type { ProjectSnapshot, SnapshotSlice } from './projects-contract.ts';

/** How many shots of a snapshot are there. */
export interface SnapshotProgress {
  shots: number;
  of: number;
}

const shotsPerSlice = 200;

/** Cuts a snapshot up. */
export function* sliceSnapshot(snapshot: ProjectSnapshot, length = shotsPerSlice): Generator<SnapshotSlice> {
  const { shots, summaries, ...head } = snapshot;
  yield { kind: 'head', head, shotCount: shots.length };
  for (let from = 0; from < shots.length; from += length) {
    const some = shots.slice(from, from + length);
    const own = some.flatMap(({ id }) => (summaries[id] ? [[id, summaries[id]] as const] : []));
    yield { kind: 'shots', shots: some, summaries: Object.fromEntries(own) };
  }
}

/**
 * Puts a snapshot together and tells how far it is after each slice; the listener may take its time, or throw to end it.
 * Slices that end before all of it is there are a connection that broke: a TypeError, as fetch has it.
 */
export async function gatherSnapshot(
  slices: AsyncIterable<SnapshotSlice>,
  onProgress: (progress: SnapshotProgress) => Promise<void> | void = () => {},
): Promise<ProjectSnapshot> {
  let whole: ProjectSnapshot | null = null;
  let of = 0;
  for await (const slice of slices) {
    if (slice.kind === 'head') {
      whole = { ...slice.head, shots: [], summaries: {} };
      of = slice.shotCount;
    } else if (whole !== null) {
      whole.shots.push(...slice.shots);
      Object.assign(whole.summaries, slice.summaries);
    }
    await onProgress({ shots: whole?.shots.length ?? 0, of });
  }
  if (whole === null || whole.shots.length !== of) throw new TypeError('The snapshot ended before it was whole.');
  return whole;
}
