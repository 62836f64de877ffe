import type { SlotKey } from '../../src-shared/domain/ref.ts';
import type { HashedFile, StillInspection } from '../orchestrator/ports/media.ts';
import type { RefStore } from '../orchestrator/ports/store.ts';
import { AppError } from '../platform/app-error.ts';

/** Shorter sides below this give engines too little to hold on to. */
const smallestRefSide = 256;
/** Below this it is taken, with a word about it. */
const comfortableRefSide = 640;

export interface Candidate {
  fileName: string;
  file: HashedFile;
  still: StillInspection;
}

/** Refuses what cannot be a hero, with the reason; returns what a person should know before promoting it. */
export function judgeCandidate(candidate: Candidate, slot: SlotKey, store: RefStore): string[] {
  const { still, fileName, file } = candidate;
  if (still.problem !== null) throw refused(`${fileName} cannot be used: ${still.problem}`);
  if (still.animated) throw refused(`${fileName} is an animation. A hero is one still picture.`);
  const short = Math.min(still.width, still.height);
  if (short < smallestRefSide) {
    throw refused(
      `${fileName} is ${still.width} × ${still.height}, too small for a hero.`,
      `Use a picture of at least ${smallestRefSide} pixels on its short side.`,
    );
  }
  if (store.activeRef(slot)?.sha256 === file.sha256) {
    throw new AppError({
      code: 'ref.duplicate',
      message: `${fileName} is the present hero already: the bytes are equal.`,
      hint: 'Drop another picture, or keep the hero as it is.',
    });
  }
  const warnings: string[] = [];
  if (short < comfortableRefSide) warnings.push(`Small for a hero: ${still.width} × ${still.height}.`);
  const ratio = Math.max(still.width, still.height) / short;
  if (ratio > 4) warnings.push('Very long and narrow: engines may cut it.');
  const elsewhere = store.activeRefs().find((ref) => ref.sha256 === file.sha256);
  if (elsewhere) {
    warnings.push(`The same picture is the hero of ${elsewhere.subject_id} ${elsewhere.kind}/${elsewhere.view}.`);
  }
  if (store.refHistory(slot).some((ref) => ref.sha256 === file.sha256)) {
    warnings.push('It was the hero of this slot before.');
  }
  return warnings;
}

function refused(message: string, hint = 'Drop a whole PNG, JPEG, WebP or AVIF picture.'): AppError {
  return new AppError({ code: 'ref.refused', message, hint });
}
