/** What a director does with a small production until it is done; each deed can be done again after a crash. */
import type { ProjectServices } from '../../src-main/api/studio-services.ts';
import type { Batch, BatchConfigInput } from '../../src-shared/domain/batch.ts';
import type { Phase } from '../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../src-shared/domain/shot.ts';
import type { Take } from '../../src-shared/domain/take.ts';

export interface Deed {
  takeId: string;
  action: 'approve' | 'reject';
  note: string;
}

/** What of the services a director needs; the whole app behind HTTP offers the same. */
export interface Desk {
  services: {
    batches: Pick<ProjectServices['batches'], 'list' | 'resume'>;
    takes: Pick<ProjectServices['takes'], 'ofEpisode'>;
    review: Pick<ProjectServices['review'], 'approve' | 'reject' | 'reroute'>;
    snapshot: ProjectServices['snapshot'];
  };
  start(config: Partial<BatchConfigInput>): Promise<unknown>;
  until<T>(look: () => Promise<T | null | undefined | false>): Promise<T>;
}

type Next =
  | { kind: 'done' }
  | { kind: 'start' }
  | { kind: 'resume'; batch: Batch }
  | { kind: 'decide'; take: Take }
  | { kind: 'send-back'; row: ShotPhase };

/** Runs the phases and decides on every take: the first of the first shot is sent back once, all others are approved. */
export async function workThrough(
  open: Desk,
  options: { phases: Phase[]; onDecided?: (deed: Deed) => void },
): Promise<void> {
  const { services } = open;
  for (;;) {
    const next = await open.until(() => nextDeed(services, options.phases));
    if (next.kind === 'done') return;
    if (next.kind === 'start') await open.start({ phases: options.phases });
    else if (next.kind === 'resume') await services.batches.resume(next.batch.id);
    else if (next.kind === 'send-back') await sendBack(services, next.row);
    else {
      const deed = await decideOn(services, next.take);
      options.onDecided?.(deed);
    }
  }
}

async function nextDeed({ batches, takes, snapshot }: Desk['services'], wanted: Phase[]): Promise<Next | null> {
  const batch = (await batches.list()).find(({ status }) => status !== 'complete');
  const { shots } = await snapshot('EP001');
  const rows = shots.flatMap((shot) => wanted.map((phase) => shot.phases[phase]));
  const all = await takes.ofEpisode('EP001');
  const unreviewed = all.filter(({ review }) => review === 'unreviewed');
  const stranded = rows.find((row) => isStranded(row, unreviewed));
  if (stranded) return { kind: 'send-back', row: stranded };
  if (!batch) return rows.every(({ state }) => state === 'stabilized') ? { kind: 'done' } : { kind: 'start' };
  if (batch.status === 'paused') return { kind: 'resume', batch };
  const take = unreviewed.find(({ shotId, phase }) => {
    const row = shots.find(({ id }) => id === shotId)?.phases[phase];
    return row?.state === 'awaiting_operator';
  });
  return take ? { kind: 'decide', take } : null;
}

/** Given up, or waiting for a person without a take; what waits for a missing input goes on by itself when it is there. */
function isStranded({ shotId, phase, state, reason }: ShotPhase, unreviewed: readonly Take[]): boolean {
  if (state === 'halted') return true;
  if (state !== 'awaiting_operator' || reason?.startsWith('Cannot start')) return false;
  return !unreviewed.some((take) => take.shotId === shotId && take.phase === phase);
}

/** A shot that was given up goes back to work with the engine that is always there. */
async function sendBack({ review }: Desk['services'], { shotId, phase }: ShotPhase): Promise<void> {
  const workflowId = phase === 'video' ? 'embedded-animatic-move' : 'embedded-animatic-standard';
  await review.reroute({ shotId, phase, workflowId, note: 'once more' });
}

async function decideOn({ review, takes }: Desk['services'], take: Take): Promise<Deed> {
  const note = `about ${take.id}: “a little later”`;
  const isFirstShot = take.shotId.endsWith('SH001') && take.phase === 'previs';
  const before = isFirstShot ? await takes.ofEpisode('EP001') : [];
  if (isFirstShot && !before.some((other) => other.shotId === take.shotId && other.review === 'rejected')) {
    await review.reject({ takeId: take.id, reasons: ['motion'], note });
    return { takeId: take.id, action: 'reject', note };
  }
  await review.approve({ takeId: take.id, note });
  return { takeId: take.id, action: 'approve', note };
}
