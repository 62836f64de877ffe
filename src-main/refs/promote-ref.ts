/**
 * The only writer of heroes: the file is hashed, copied under its hash into the pool, and the slot's pointer moves in
 * one transaction. What was a hero stays in the pool and in the history.
 */
import { shortHash } from '../../src-shared/domain/hash.ts';
import { type RefPromotion, refsManifestSchema, type SlotKey, slotKeyText } from '../../src-shared/domain/ref.ts';
import type { Clock } from '../orchestrator/ports/clock.ts';
import type { MediaWorkshop } from '../orchestrator/ports/media.ts';
import type { DurableFiles, ProjectPaths } from '../orchestrator/ports/project-files.ts';
import type { RefStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';
import { judgeCandidate } from './inspect-candidate.ts';

export interface PromoteDeps {
  store: RefStore;
  media: MediaWorkshop;
  files: DurableFiles;
  paths: ProjectPaths;
  clock: Clock;
}

export interface PromoteOrder {
  slot: SlotKey;
  /** absolute path of the uploaded file */
  file: string;
  fileName: string;
  source: string;
}

/** Makes a file the hero of a slot; refuses what `judgeCandidate` refuses and then changes nothing. */
export async function promoteRef(order: PromoteOrder, deps: PromoteDeps): Promise<RefPromotion> {
  const still = await deps.media.inspectStill(order.file);
  const hashed = await deps.media.hash(order.file);
  judgeCandidate({ fileName: order.fileName, file: hashed, still }, order.slot, deps.store);
  const relative = deps.paths.relativePoolPath(order.slot, shortHash(hashed.sha256), still.extension);
  const copied = await deps.media.copyAndHash(order.file, deps.paths.resolve(relative));
  if (copied.sha256 !== hashed.sha256) {
    throw new AppError({
      code: 'file.changed',
      message: `${order.fileName} changed while it was being copied.`,
      hint: 'Drop it again when the program that writes it has finished.',
    });
  }
  const promotion = pointTo(order.slot, { path: relative, sha256: copied.sha256, source: order.source }, deps);
  await exportRefsManifest(deps);
  return promotion;
}

/** Points a slot back at the hero before the present one, after checking that its bytes are still the same. */
export async function undoPromotion(slot: SlotKey, deps: PromoteDeps): Promise<RefPromotion> {
  const present = deps.store.activeRef(slot);
  const before = deps.store.refHistory(slot).find((ref) => ref.sha256 === present?.supersedes);
  if (!present || !before) {
    throw new AppError({
      code: 'review.nothing-to-undo',
      message: `${slotKeyText(slot)} had no other hero before this one.`,
    });
  }
  const { sha256 } = await deps.media.hash(deps.paths.resolve(before.path));
  if (sha256 !== before.sha256) {
    throw new AppError({
      code: 'file.changed',
      message: `The earlier hero ${before.path} is no longer the file that was promoted.`,
      hint: 'Drop the right picture on the slot instead.',
    });
  }
  const promotion = pointTo(slot, { path: before.path, sha256, source: 'undo' }, deps);
  await exportRefsManifest(deps);
  return promotion;
}

/** Writes `assets/refs.manifest.json` from the pointer table. */
async function exportRefsManifest(deps: Pick<PromoteDeps, 'store' | 'files' | 'paths'>): Promise<void> {
  const manifest = refsManifestSchema.parse({
    schema_version: 'circletake.refs.v1',
    slots: deps.store.activeRefs(),
  });
  await deps.files.write(deps.paths.refsManifestPath(), `${JSON.stringify(manifest, null, 2)}\n`);
}

function pointTo(
  slot: SlotKey,
  hero: Pick<RefPromotion, 'path' | 'sha256' | 'source'>,
  deps: Pick<PromoteDeps, 'store' | 'clock'>,
): RefPromotion {
  const { promotion } = deps.store.promote({
    subject_class: slot.subjectClass,
    subject_id: slot.subjectId,
    kind: slot.kind,
    view: slot.view,
    ...hero,
    promoted_at: deps.clock.now().toISOString(),
    supersedes: deps.store.activeRef(slot)?.sha256 ?? null,
  });
  return promotion;
}
