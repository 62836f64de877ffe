import { type MouseEvent, memo } from 'react';
import type { Take } from '../../../src-shared/domain/take.ts';
import { gateStatusPhrases, phasePhrases, takeReviewPhrases, takeSourcePhrases } from '../../../src-shared/phrases.ts';
import { useProjectStore } from '../../stores/project-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Circled } from '../../ui/circled.tsx';
import { classNames } from '../../ui/class-names.ts';
import { gateMarks, Mark } from '../../ui/state-mark.tsx';
import { FilmstripThumb } from './filmstrip-thumb.tsx';
import { rehearsalBadge, takeBadges } from './take-badges.ts';

export interface TakeCardProps {
  projectId: string;
  take: Take;
  width: number;
  height: number;
  /** A or B when it is in the viewer */
  side: 'A' | 'B' | null;
}

/** One take of the strip. A click shows it; with Shift or Ctrl it goes beside the one that is shown. */
export const TakeCard = memo(function TakeCard({ projectId, take, width, height, side }: TakeCardProps) {
  const choose = useViewStore((state) => state.chooseTake);
  const compareWith = useViewStore((state) => state.compareWith);
  const click = (event: MouseEvent) =>
    event.shiftKey || event.ctrlKey || event.metaKey ? compareWith(take.id) : choose(take.id);
  const isRehearsal = useProjectStore((state) => state.snapshot?.project.rehearsal === true);
  const known = takeBadges(take);
  const badges = isRehearsal ? [rehearsalBadge, ...known] : known;
  return (
    <button
      type="button"
      role="option"
      aria-selected={side !== null}
      aria-label={describe(take, side)}
      onClick={click}
      style={{ width }}
      className={classNames(
        'group flex flex-col overflow-hidden rounded-xs text-left ring-1',
        side === 'A' ? 'ring-2 ring-accent' : side === 'B' ? 'ring-2 ring-soft' : 'ring-line hover:ring-edge',
        take.review === 'rejected' && side === null && 'opacity-55 hover:opacity-100',
      )}
    >
      <span className="relative">
        <FilmstripThumb
          projectId={projectId}
          take={take}
          width={width}
          height={height}
          fallback={known.at(-1)?.text ?? 'Preparing…'}
        />
        <span className="absolute top-1 right-1 flex flex-col items-end gap-0.5">
          {badges.map((badge) => (
            <span
              key={badge.text}
              title={badge.title}
              className={classNames(
                'rounded-xs bg-black/75 px-1 text-2xs',
                badge.tone === 'eyes' ? 'text-eyes' : 'text-ink',
              )}
            >
              {badge.text}
            </span>
          ))}
        </span>
        {side ? (
          <span
            className={classNames(
              'absolute top-1 left-1 rounded-xs px-1 text-2xs font-bold text-black',
              side === 'A' ? 'bg-accent' : 'bg-soft',
            )}
          >
            {side}
          </span>
        ) : null}
      </span>
      <span
        className={classNames('flex h-6 w-full items-center gap-1.5 px-2 text-xs', side ? 'bg-raised' : 'bg-panel')}
      >
        <Circled on={take.review === 'approved'}>
          <span className={classNames('tabular font-medium', take.review === 'rejected' && 'line-through')}>
            T{take.number}
          </span>
        </Circled>
        <span className={classNames('truncate text-2xs text-dim', take.review === 'approved' && 'ml-1.5')}>
          {phasePhrases[take.phase]}
        </span>
        <span
          className="ml-auto flex items-center gap-1"
          title={take.gateStatus === null ? 'Gates have not run' : `Gates: ${gateStatusPhrases[take.gateStatus]}`}
        >
          {take.gateStatus === null ? <Mark shape="ring" tone="faint" /> : <Mark {...gateMarks[take.gateStatus]} />}
        </span>
      </span>
    </button>
  );
});

function describe(take: Take, side: 'A' | 'B' | null): string {
  const parts = [
    `Take ${take.number}`,
    phasePhrases[take.phase],
    takeReviewPhrases[take.review],
    take.gateStatus === null ? 'gates have not run' : `gates: ${gateStatusPhrases[take.gateStatus]}`,
    take.source === 'generated' ? null : takeSourcePhrases[take.source],
    side === null ? null : `in the viewer as ${side}`,
  ];
  return parts.filter(Boolean).join(', ');
}
