import { memo } from 'react';
import { attemptStatePhrases } from '../../../src-shared/attempt-phrases.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import {
  batchStatusPhrases,
  phasePhrases,
  phraseOfPhase,
  statePhrases,
  stationPhrases,
} from '../../../src-shared/phrases.ts';
import { explanationKey, useExplanations } from '../../stores/explanations-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { Elapsed } from '../../ui/elapsed.tsx';
import { Mark, StateMark } from '../../ui/state-mark.tsx';
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
        <PhaseCell key={phase} row={shot.phases[phase]} wait={(waits[index] as PhaseWait | undefined) || null} />
      ))}
      <span className="line-clamp-2 min-w-0 flex-1 text-xs leading-4 text-soft" title={sentence ?? undefined}>
        {sentence}
      </span>
      <span className="tabular w-18 shrink-0 text-right text-dim">{formatUsd(spent)}</span>
    </div>
  );
});

const stops: readonly ShotPhase['state'][] = ['binding', 'assembling', 'auditing'];
const stopNames: Partial<Record<ShotPhase['state'], string>> = {
  binding: stationPhrases.bind,
  assembling: stationPhrases.asm,
  auditing: stationPhrases.aud,
};

function PhaseCell({ row, wait }: { row: ShotPhase; wait: PhaseWait | null }) {
  const at = stops.indexOf(row.state);
  return (
    <span className={phaseCell} title={row.reason ?? phasePhrases[row.phase]}>
      {wait === 'doubt' ? <Mark shape="eye" tone="eyes" /> : <StateMark state={row.state} />}
      <span className={classNames('min-w-0 truncate', row.state === 'blocked' ? 'text-faint' : 'text-soft')}>
        {wait === 'doubt' ? attemptStatePhrases.in_doubt : wait ? statePhrases.remediating : phraseOfPhase(row)}
      </span>
      {at >= 0 ? (
        <span role="img" aria-label={`${stopNames[row.state]}, station ${at + 1} of 3`} className="flex gap-0.5">
          {stops.map((stop, index) => (
            <span key={stop} className={classNames('h-1.5 w-2 rounded-[1px]', index <= at ? 'bg-accent' : 'bg-edge')} />
          ))}
        </span>
      ) : null}
      <span className="shrink-0 text-xs text-dim">
        <Wait row={row} wait={wait} />
      </span>
    </span>
  );
}

/** The column of a phase, also above it. */
export const phaseCell = 'flex w-[132px] min-[1800px]:w-[168px] shrink-0 items-center gap-1.5';

/** When a wait ends by itself; one that is held does not. */
export function Wait({ row, wait }: { row: ShotPhase; wait: PhaseWait | null }) {
  if (row.state !== 'remediating' || wait === null) return null;
  if (wait === 'hold') return batchStatusPhrases.paused.toLowerCase();
  return row.retryAt === null ? 'now' : <Elapsed until={row.retryAt} />;
}
