import { memo } from 'react';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import { phasePhrases, phraseOfPhase, statePhrases, stationPhrases } from '../../../src-shared/phrases.ts';
import { explanationKey, useExplanations } from '../../stores/explanations-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { Elapsed } from '../../ui/elapsed.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

/** One shot: each phase at its station, where it stands in a sentence, what it cost. */
export const ShotTableRow = memo(function ShotTableRow(props: {
  shot: Shot;
  phases: readonly Phase[];
  isCurrent: boolean;
}) {
  const { shot, phases, isCurrent } = props;
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
      {phases.map((phase) => (
        <PhaseCell key={phase} row={shot.phases[phase]} />
      ))}
      <span className="line-clamp-2 min-w-0 flex-1 text-xs leading-4 text-soft" title={sentence ?? undefined}>
        {sentence}
      </span>
      <span className="tabular w-14 shrink-0 text-right text-dim">{formatUsd(spent)}</span>
    </div>
  );
});

const stops: readonly ShotPhase['state'][] = ['binding', 'assembling', 'auditing'];
const stopNames: Partial<Record<ShotPhase['state'], string>> = {
  binding: stationPhrases.bind,
  assembling: stationPhrases.asm,
  auditing: stationPhrases.aud,
};

function PhaseCell({ row }: { row: ShotPhase }) {
  const at = stops.indexOf(row.state);
  const isCounting = row.state === 'remediating' && row.retryAt !== null;
  return (
    <span
      className="flex w-[132px] min-[1800px]:w-[168px] shrink-0 items-center gap-1.5"
      title={row.reason ?? phasePhrases[row.phase]}
    >
      <StateMark state={row.state} />
      <span className={classNames('min-w-0 truncate', row.state === 'blocked' ? 'text-faint' : 'text-soft')}>
        {isCounting ? statePhrases.remediating : phraseOfPhase(row)}
      </span>
      {at >= 0 ? (
        <span role="img" aria-label={`${stopNames[row.state]}, station ${at + 1} of 3`} className="flex gap-0.5">
          {stops.map((stop, index) => (
            <span key={stop} className={classNames('h-1.5 w-2 rounded-[1px]', index <= at ? 'bg-accent' : 'bg-edge')} />
          ))}
        </span>
      ) : null}
      {isCounting && row.retryAt !== null ? (
        <span className="text-xs text-dim">
          <Elapsed until={row.retryAt} />
        </span>
      ) : null}
    </span>
  );
}
