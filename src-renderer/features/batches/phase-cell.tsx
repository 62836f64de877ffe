import { attemptStatePhrases } from '../../../src-shared/attempt-phrases.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import {
  batchStatusPhrases,
  phasePhrases,
  phraseOfPhase,
  statePhrases,
  stationPhrases,
} from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { Elapsed } from '../../ui/elapsed.tsx';
import { Mark, StateMark } from '../../ui/state-mark.tsx';
import type { PhaseWait } from './phase-waits.ts';

/**
 * The column of a phase, also above it. Several of them leave the sentence its place where the table is narrow: the words
 * give way to their marks.
 */
export function phaseColumn(phases: readonly Phase[]): string {
  const narrow = phases.length > 1 ? '@max-[760px]:w-14' : '';
  return classNames('flex w-[132px] shrink-0 items-center gap-1.5 min-[1800px]:w-[168px]', narrow);
}

const stops: readonly ShotPhase['state'][] = ['binding', 'assembling', 'auditing'];
const stopNames: Partial<Record<ShotPhase['state'], string>> = {
  binding: stationPhrases.bind,
  assembling: stationPhrases.asm,
  auditing: stationPhrases.aud,
};

/** Where a phase of a shot stands: its state, the station it is at, or what it waits for and until when. */
export function PhaseCell(props: { row: ShotPhase; phases: readonly Phase[]; wait: PhaseWait | null }) {
  const { row, phases, wait } = props;
  const at = stops.indexOf(row.state);
  const text = textOf(row, wait);
  return (
    <span className={phaseColumn(phases)} title={row.reason ?? `${phasePhrases[row.phase]}: ${text}`}>
      <CellMark row={row} wait={wait} />
      <span
        className={classNames(
          'min-w-0 truncate',
          row.state === 'blocked' ? 'text-dim' : 'text-soft',
          phases.length > 1 && '@max-[760px]:sr-only',
        )}
      >
        {text}
      </span>
      {at >= 0 ? (
        <span role="img" aria-label={`${stopNames[row.state]}, station ${at + 1} of 3`} className="flex gap-0.5">
          {stops.map((stop, index) => (
            <span key={stop} className={classNames('h-1.5 w-2 rounded-[1px]', index <= at ? 'bg-accent' : 'bg-edge')} />
          ))}
        </span>
      ) : null}
      {wait === 'hold' ? null : (
        <span className="shrink-0 text-xs text-dim">
          <WaitEnd row={row} wait={wait} />
        </span>
      )}
    </span>
  );
}

function CellMark({ row, wait }: { row: ShotPhase; wait: PhaseWait | null }) {
  if (wait === 'doubt') return <Mark shape="eye" tone="eyes" />;
  return wait === 'hold' ? <Mark shape="bar" tone="eyes" /> : <StateMark state={row.state} />;
}

function textOf(row: ShotPhase, wait: PhaseWait | null): string {
  if (wait === 'doubt') return attemptStatePhrases.in_doubt;
  if (wait === 'hold') return batchStatusPhrases.paused;
  // without its count: the time beside it says more
  return wait === null ? phraseOfPhase(row) : statePhrases.remediating;
}

/** When a wait ends by itself; one that is held does not. */
export function WaitEnd({ row, wait }: { row: ShotPhase; wait: PhaseWait | null }) {
  if (row.state !== 'remediating' || wait === null) return null;
  if (wait === 'hold') return batchStatusPhrases.paused.toLowerCase();
  return row.retryAt === null ? 'now' : <Elapsed until={row.retryAt} over="now" />;
}
