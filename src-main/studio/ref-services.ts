import { setImmediate } from 'node:timers/promises';
import type { RefPromotion, SlotKey } from '../../src-shared/domain/ref.ts';
import type { RefServices } from '../api/studio-services.ts';
import { judgeCandidate } from '../refs/inspect-candidate.ts';
import { listSubjects } from '../refs/list-subjects.ts';
import { promoteRef, undoPromotion } from '../refs/promote-ref.ts';
import { allPlanShots, type Production } from './production.ts';

/** Heroes: who has which, what an upload would be, promote and take back. `wake`: work may have become possible. */
export function createRefServices(production: Production, wake: () => void): RefServices {
  const { store, media, uploads } = production;
  const sizes = new Map<string, { width: number; height: number } | null>();
  const measure = async (ref: RefPromotion) => {
    if (sizes.has(ref.sha256)) return;
    const probe = await media.probe(production.paths.resolve(ref.path)).catch(() => null);
    const known = probe?.width && probe.height ? { width: probe.width, height: probe.height } : null;
    sizes.set(ref.sha256, known);
  };
  return {
    async list() {
      await Promise.all(store.activeRefs().map(measure));
      const { bible } = production.documents();
      const shots = allPlanShots(production.documents());
      const sizeOf = (ref: RefPromotion) => sizes.get(ref.sha256) ?? null;
      const answer = { seq: store.lastSeq(), subjects: listSubjects({ store, bible, shots, sizeOf }) };
      // of ten thousand shots this took a while, and writing it takes another
      await setImmediate();
      return answer;
    },
    async inspect(slot, uploadId) {
      const upload = uploads.find(uploadId);
      const still = await media.inspectStill(upload.path);
      const file = { sha256: upload.sha256, sizeBytes: upload.sizeBytes };
      const warnings = judgeCandidate({ fileName: upload.fileName, file, still }, slot, store);
      const { sha256, sizeBytes, fileName } = upload;
      const { width, height, mimeType } = still;
      return { uploadId, sha256, fileName, sizeBytes, width, height, mimeType, warnings };
    },
    async promote(slot, uploadId) {
      const { path, fileName } = uploads.find(uploadId);
      const promotion = await promoteRef({ slot, file: path, fileName, source: `upload: ${fileName}` }, production);
      await uploads.discard(uploadId);
      wake();
      return promotion;
    },
    async undo(slot: SlotKey) {
      const promotion = await undoPromotion(slot, production);
      wake();
      return promotion;
    },
  };
}
