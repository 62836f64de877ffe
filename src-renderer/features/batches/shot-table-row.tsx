import { memo } from 'react';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { phraseOfPhase } from '../../../src-shared/phrases.ts';
import { explanationKey, useExplanations } from '../../stores/explanations-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { PhaseCell } from './phase-cell.tsx';
import type { PhaseWait } from './phase-waits.ts';

/** One shot: each phase at its station, where it stands in a sentence, what it cost. */
export const ShotTableRow = memo(function ShotTableRow(props: {
  shot: Shot;
  phases: readonly Phase[];
  /** what each phase waits for, as text so that an unchanged row stays as it is drawn */
  waits: string;
  isCurrent: boolean;
}) {
  const { shot, phases, isCurrent } = props;
  const waits = props.waits.split(',');
  const choose = useViewStore((state) => state.chooseShot);
  const sentence = useExplanations((state) => state.sentences[explanationKey(phases, shot.id)] ?? null);
  const spent = phases.reduce((sum, phase) => sum + shot.phases[phase].spentMicroUsd, 0);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    <div
      id={`batch-shot-${shot.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      aria-label={`${shot.id}: ${sentence ?? phases.map((phase) => phraseOfPhase(shot.phases[phase])).join(', ')}`}
      onClick={() => choose(shot.id)}
      className={classNames(
        'relative flex size-full items-center gap-2 border-b px-4 text-sm',
        isCurrent
          ? 'bg-raised before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent'
          : 'hover:bg-panel',
      )}
    >
      <span className="tabular w-16 shrink-0 font-medium">{shortShotId(shot.id)}</span>
      {phases.map((phase, index) => (
        <PhaseCell
          key={phase}
          row={shot.phases[phase]}
          phases={phases}
          wait={(waits[index] as PhaseWait | undefined) || null}
        />
      ))}
      <span className="line-clamp-2 min-w-0 flex-1 text-xs leading-4 text-soft" title={sentence ?? undefined}>
        {sentence}
      </span>
      <span className="tabular w-18 shrink-0 text-right text-dim">{formatUsd(spent)}</span>
    </div>
  );
});
