import { memo } from 'react';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { leadPhaseOf } from '../../../src-shared/domain/lead-phase.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { phases } from '../../../src-shared/domain/phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { phasePhrases, phraseOfPhase, planStandingPhrases, shotTypePhrases } from '../../../src-shared/phrases.ts';
import { useProjectStore } from '../../stores/project-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { Poster } from '../../ui/poster.tsx';
import { Mark, StateMark, stateMarks } from '../../ui/state-mark.tsx';
import { takePictureUrl } from './take-picture.ts';

/** One shot: its picture, where it stands, its phases, takes and cost. */
export const ShotRow = memo(function ShotRow({ shot, isCurrent }: { shot: Shot; isCurrent: boolean }) {
  const choose = useViewStore((state) => state.chooseShot);
  const summary = useProjectStore((state) => state.snapshot?.summaries.get(shot.id));
  const projectId = useProjectStore((state) => state.snapshot?.projectId ?? '');
  const posterTakeId = summary?.posterTakeId ?? null;
  const isMade = useProjectStore((state) => posterTakeId !== null && !state.withoutPoster.has(posterTakeId));
  const lead = leadPhaseOf(shot);
  const takes = summary?.takeCount ?? 0;
  return (
    <button
      type="button"
      role="option"
      aria-selected={isCurrent}
      onClick={() => choose(shot.id)}
      title={shot.plan.prompt_data.description}
      className={classNames(
        'relative flex size-full focus-visible:outline-offset-[-2px] items-center gap-2.5 border-b pr-3 pl-3 text-left',
        isCurrent
          ? 'bg-raised before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent'
          : 'hover:bg-panel',
      )}
    >
      <Poster
        url={posterTakeId !== null && isMade ? takePictureUrl(projectId, posterTakeId) : null}
        alt=""
        fallback="—"
        className="h-13 w-13 shrink-0 rounded-xs"
      />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="tabular text-base font-medium">{shortShotId(shot.id)}</span>
          <span className="truncate text-xs text-dim">{shotTypePhrases[shot.plan.prompt_data.shot_type]}</span>
          {shot.standing === 'planned' ? null : (
            <span className="ml-auto shrink-0" title={planStandingPhrases[shot.standing]}>
              <Mark shape="eye" tone="eyes" />
            </span>
          )}
        </span>
        <span className="flex items-center gap-1.5 text-xs">
          <StateMark state={lead.state} />
          <span className="truncate text-soft">
            {phasePhrases[lead.phase]} · {phraseOfPhase(lead)}
          </span>
        </span>
        <span className="mt-0.5 flex items-center gap-2 text-xs text-dim">
          <PhasePips shot={shot} />
          <span className="tabular">{takes === 1 ? '1 take' : `${takes} takes`}</span>
          <span className="tabular ml-auto">{formatUsd(summary?.spentMicroUsd ?? 0)}</span>
        </span>
      </span>
    </button>
  );
});

/** Three marks, one for each phase, in their order. */
function PhasePips({ shot }: { shot: Shot }) {
  const text = phases.map((phase) => `${phasePhrases[phase]}: ${phraseOfPhase(shot.phases[phase])}`).join(', ');
  return (
    <span role="img" aria-label={text} title={text} className="flex items-center gap-1">
      {phases.map((phase) => {
        const mark = stateMarks[shot.phases[phase].state];
        return <Mark key={phase} shape={mark.shape} tone={mark.tone} className="size-2.5!" />;
      })}
    </span>
  );
}
