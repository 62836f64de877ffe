/**
 * The director's decisions. Each is recorded before the page says so; then the next shot that needs one is shown and
 * undo is one key away. One at a time: a second key while one is being recorded does nothing.
 */
import { create } from 'zustand';
import type { Decided } from '../../../src-shared/api/review-contract.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { nextPhase } from '../../../src-shared/domain/phase.ts';
import type { RejectReason, Review } from '../../../src-shared/domain/review.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { Take } from '../../../src-shared/domain/take.ts';
import { phasePhrases, reviewActionPhrases } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { useProjectStore } from '../../stores/project-store.ts';
import { nextDecision } from '../../stores/shot-standing.ts';
import { showToast, showTrouble } from '../../stores/toast-store.ts';
import { useViewStore } from '../../stores/view-store.ts';

/** A decision is on its way to the disk. */
export const useDeciding = create<{ busy: boolean }>(() => ({ busy: false }));

export function approveTake(projectId: string, take: Take, note = ''): Promise<boolean> {
  return decide(projectId, () => studio.review.approve({ projectId, takeId: take.id, note }));
}

export function rejectTake(
  projectId: string,
  take: Take,
  why: { reasons: RejectReason[]; note: string },
): Promise<boolean> {
  return decide(projectId, () => studio.review.reject({ projectId, takeId: take.id, ...why }));
}

export function reroutePhase(projectId: string, phase: ShotPhase, workflowId: string): Promise<boolean> {
  const { shotId } = phase;
  return decide(projectId, () =>
    studio.review.reroute({ projectId, shotId, phase: phase.phase, workflowId, note: '' }),
  );
}

export function overridePhase(
  projectId: string,
  phase: ShotPhase,
  file: { uploadId: string; reason: string },
): Promise<boolean> {
  const { shotId } = phase;
  return decide(projectId, () => studio.review.override({ projectId, shotId, phase: phase.phase, ...file }));
}

/** Takes the newest decision back and returns to its shot. */
export async function undoDecision(projectId: string, reviewId?: string): Promise<void> {
  await exclusively(async () => {
    const { review } = await studio.review.undo({ projectId, ...(reviewId === undefined ? {} : { reviewId }) });
    const view = useViewStore.getState();
    view.chooseShot(review.shotId);
    if (review.takeId !== null) view.chooseTake(review.takeId);
    showToast({
      tone: 'done',
      about: 'decision',
      headline: reviewActionPhrases.undo,
      sentence: `${placeOf(review)} is as it was before.`,
    });
  });
}

async function decide(projectId: string, call: () => Promise<Decided>): Promise<boolean> {
  return exclusively(async () => {
    const decided = await call();
    showToast({
      tone: 'done',
      about: 'decision',
      headline: `${reviewActionPhrases[decided.review.action]}: ${placeOf(decided.review)}`,
      sentence: whatFollows(decided.review),
      action: { label: 'Undo', keys: keyOf('decide.undo'), run: () => void undoDecision(projectId, decided.review.id) },
    });
    moveOn(decided);
  });
}

async function exclusively(work: () => Promise<void>): Promise<boolean> {
  if (useDeciding.getState().busy) return false;
  useDeciding.setState({ busy: true });
  try {
    await work();
    return true;
  } catch (error) {
    showTrouble(error);
    return false;
  } finally {
    useDeciding.setState({ busy: false });
  }
}

/** The event of the decision may still be on its way, so its outcome is put in its place before looking further. */
function moveOn({ shotPhase }: Decided): void {
  const shots = (useProjectStore.getState().snapshot?.shots ?? []).map((shot) =>
    shot.id === shotPhase.shotId ? { ...shot, phases: { ...shot.phases, [shotPhase.phase]: shotPhase } } : shot,
  );
  const next = nextDecision(shots, { shotId: shotPhase.shotId, phase: shotPhase.phase });
  if (next !== null) useViewStore.getState().chooseShot(next.shotId);
}

function placeOf(review: Review): string {
  const take = review.takeId === null ? '' : ` ${review.takeId.slice(review.takeId.lastIndexOf('_') + 1)}`;
  return `${shortShotId(review.shotId)}${take} · ${phasePhrases[review.phase]}`;
}

function whatFollows(review: Review): string {
  const next = nextPhase(review.phase);
  switch (review.action) {
    case 'approve':
    case 'override':
    case 'auto-approve':
      return next === null ? 'It is a select now.' : `${phasePhrases[next]} is queued.`;
    case 'reject':
      return 'Another take is queued with your reasons.';
    case 'reroute':
      return 'The next take uses the engine you chose.';
    case 'skip':
    case 'undo':
      return '';
  }
}
