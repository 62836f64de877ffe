import { useEffect } from 'react';
import type { Review } from '../../../src-shared/domain/review.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import {
  gateDisagreementPhrases,
  phasePhrases,
  rejectReasonPhrases,
  reviewActionPhrases,
} from '../../../src-shared/phrases.ts';
import { ensureReviews, useShotReviews } from '../../stores/reviews-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Mark, type MarkShape, type MarkTone } from '../../ui/state-mark.tsx';
import { dayAndTime } from '../../ui/time-text.ts';
import { TroublePanel } from '../../ui/trouble-panel.tsx';

const marks: Record<Review['action'], { shape: MarkShape; tone: MarkTone }> = {
  approve: { shape: 'check', tone: 'good' },
  'auto-approve': { shape: 'check', tone: 'good' },
  override: { shape: 'check', tone: 'good' },
  reject: { shape: 'cross', tone: 'bad' },
  skip: { shape: 'dash', tone: 'quiet' },
  reroute: { shape: 'turn', tone: 'accent' },
  undo: { shape: 'turn', tone: 'quiet' },
};

/** What was decided on this shot, newest first. */
export function HistoryTab({ projectId, shot }: { projectId: string; shot: Shot }) {
  const load = useShotReviews(shot.id);
  const isMissing = load === null;
  useEffect(() => {
    if (isMissing) void ensureReviews(projectId, shot.id);
  }, [projectId, shot.id, isMissing]);
  if (load?.kind === 'refused') return <TroublePanel {...load.trouble} />;
  if (load === null || load.kind === 'loading') {
    return (
      <p role="status" className="p-4 text-sm text-dim">
        Reading the decisions…
      </p>
    );
  }
  if (load.reviews.length === 0)
    return <EmptyState headline="Nothing decided yet" sentence={`No decision has been made on ${shot.id}.`} />;
  return (
    <ol>
      {[...load.reviews].reverse().map((review) => (
        <ReviewRow key={review.id} review={review} />
      ))}
    </ol>
  );
}

function ReviewRow({ review }: { review: Review }) {
  const take = review.takeId === null ? '' : review.takeId.slice(review.takeId.lastIndexOf('_') + 1);
  return (
    <li className={classNames('border-b px-3 py-2', review.undone && 'opacity-50')}>
      <p className="flex items-center gap-2 text-sm">
        <Mark {...marks[review.action]} />
        <span className={classNames('flex-1', review.undone && 'line-through')}>
          {reviewActionPhrases[review.action]}
        </span>
        <span className="tabular text-xs text-dim">
          {take} {phasePhrases[review.phase]}
        </span>
      </p>
      {review.reasons.length > 0 ? (
        <p className="mt-0.5 pl-5 text-xs text-soft">
          {review.reasons.map((reason) => rejectReasonPhrases[reason]).join(', ')}
        </p>
      ) : null}
      {review.note === '' ? null : <p className="text-selectable mt-0.5 pl-5 text-sm text-soft">“{review.note}”</p>}
      {review.workflowId === null ? null : <p className="mt-0.5 pl-5 text-xs text-dim">Engine: {review.workflowId}</p>}
      {review.gateDisagreement === null ? null : (
        <p className="mt-0.5 pl-5 text-xs text-eyes">▲ {gateDisagreementPhrases[review.gateDisagreement]}</p>
      )}
      <p className="mt-0.5 pl-5 text-xs text-faint">
        {review.decidedBy} · {dayAndTime(review.decidedAt)}
        {review.undone ? ' · taken back' : ''}
      </p>
    </li>
  );
}
