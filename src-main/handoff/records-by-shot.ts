import { setImmediate } from 'node:timers/promises';
import type { ProvenanceRecord } from '../../src-shared/domain/provenance.ts';
import type { Take } from '../../src-shared/domain/take.ts';
import type { ShotStore, TakeStore } from '../orchestrator/ports/store.ts';

/** A take with everything recorded of it. */
export interface TakeOnRecord {
  take: Take;
  record: ProvenanceRecord;
}

/** An episode's takes in the order of its plan, a shot at a time: between two shots others get their turn. */
export async function* recordsByShot(episodeId: string, store: ShotStore & TakeStore): AsyncGenerator<TakeOnRecord[]> {
  for (const { id } of store.shots(episodeId)) {
    yield store.takesOf(id).map((take) => ({ take, record: store.provenance(take.id) }));
    await setImmediate();
  }
}
