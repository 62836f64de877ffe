import type { Take, TakeDetail, VerifiedFile } from '../../src-shared/domain/take.ts';
import type { TakeServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import { filesOfRecord, type RecordedFile, verifyFile } from '../review/verify-take.ts';
import type { TakePreparer } from './prepare-takes.ts';
import type { Production } from './production.ts';

/** Looking at takes: lists, the inspector's detail, verification, preparation. */
export function createTakeServices(production: Production, preparer: TakePreparer): TakeServices {
  const { store, paths, clock } = production;
  return {
    list: async (shotId) => {
      if (!store.shot(shotId)) throw shotNotFound(shotId);
      return { seq: store.lastSeq(), takes: store.takesOf(shotId) };
    },
    ofEpisode: async (episodeId) => store.takesOfEpisode(episodeId),
    async detail(takeId): Promise<TakeDetail> {
      const take = requireTake(takeId, production);
      const gates = store.gates(takeId);
      return { take, gates, provenance: store.provenance(takeId), displayPath: paths.resolve(take.path) };
    },
    async verify(takeId, signal) {
      requireTake(takeId, production);
      const files: VerifiedFile[] = [];
      for (const file of filesOfRecord(store.provenance(takeId))) {
        files.push(await verifyFile(file, production, signal));
      }
      return { takeId, verifiedAt: clock.now().toISOString(), files };
    },
    async verifyAll(onFile, signal) {
      const verified: VerifiedFile[] = [];
      for (const file of filesOnRecord(production)) {
        const result = await verifyFile(file, production, signal);
        onFile(result);
        verified.push(result);
      }
      return verified;
    },
    prepare: async (takeId) => {
      requireTake(takeId, production);
      return { requested: preparer.request(takeId) };
    },
  };
}

/** Every take and every hero on record, each file once. */
function filesOnRecord(production: Production): RecordedFile[] {
  const { store } = production;
  const files = new Map<string, RecordedFile>();
  for (const episode of production.documents().project.episodes) {
    for (const take of store.takesOfEpisode(episode.id)) {
      for (const file of filesOfRecord(store.provenance(take.id))) {
        const role = file.role === 'take' ? take.id : file.role;
        if (!files.has(file.path)) files.set(file.path, { ...file, role });
      }
    }
  }
  for (const ref of store.activeRefs()) {
    if (files.has(ref.path)) continue;
    files.set(ref.path, { role: `hero ${ref.subject_id} ${ref.kind}/${ref.view}`, path: ref.path, sha256: ref.sha256 });
  }
  return [...files.values()];
}

export function requireTake(takeId: string, production: Production): Take {
  const take = production.store.take(takeId);
  if (take) return take;
  throw new AppError({
    code: 'take.not-found',
    message: `There is no take ${takeId} in this project.`,
    hint: 'The list may be out of date: open the project again.',
  });
}

export function shotNotFound(shotId: string): AppError {
  return new AppError({ code: 'shot.not-found', message: `There is no shot ${shotId} in this project.` });
}
