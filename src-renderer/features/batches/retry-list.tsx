import { useMemo } from 'react';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import { phasePhrases, phraseOfPhase } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { useAttemptsStore } from '../../stores/attempts-store.ts';
import { showToast, showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { Elapsed } from '../../ui/elapsed.tsx';
import { Mark } from '../../ui/state-mark.tsx';

const shownAtOnce = 50;

/**
 * What waits for another try, the soonest first, with its reason, its countdown and a way to end the wait. It stands under
 * the shots: it comes and goes all the time, and nothing above it may move for that.
 */
export function RetryList(props: { projectId: string; shots: readonly Shot[]; phases: readonly Phase[] }) {
  const { shots, phases } = props;
  const waiting = useMemo(() => waitingOf(shots, phases), [shots, phases]);
  const doubts = useAttemptsStore((state) => state.doubts.value);
  if (waiting.length === 0) return null;
  const isInDoubt = (row: ShotPhase) =>
    doubts?.some(({ attempt }) => attempt.shotId === row.shotId && attempt.phase === row.phase) ?? false;
  return (
    <section aria-label="Waiting for another try" className="max-h-[22vh] shrink-0 overflow-y-auto border-t">
      <h3 className="sticky top-0 bg-floor px-4 pt-2 pb-1 text-xs font-medium text-dim">
        Waiting for another try ({waiting.length})
      </h3>
      <ul>
        {waiting.slice(0, shownAtOnce).map((row) => (
          <RetryRow key={`${row.shotId}/${row.phase}`} {...props} row={row} inDoubt={isInDoubt(row)} />
        ))}
      </ul>
    </section>
  );
}

function RetryRow({ projectId, row, inDoubt }: { projectId: string; row: ShotPhase; inDoubt: boolean }) {
  const name = `${shortShotId(row.shotId)} ${phasePhrases[row.phase]}`;
  const cancel = () =>
    studio.batches
      .cancelRetry({ projectId, shotId: row.shotId, phase: row.phase })
      .then(() => showToast({ headline: 'Wait ended', sentence: `${name} awaits you. Nothing is sent for it now.` }))
      .catch(showTrouble);
  return (
    <li className="flex h-8 items-center gap-2 px-4 text-sm hover:bg-panel">
      <Mark shape="turn" tone={inDoubt ? 'eyes' : 'accent'} />
      <span className="tabular w-28 shrink-0">{name}</span>
      <span className="w-28 shrink-0 text-dim">{inDoubt ? 'Asked again' : phraseOfPhase(row)}</span>
      <span className="text-selectable min-w-0 flex-1 truncate text-soft" title={row.reason ?? undefined}>
        {row.reason}
      </span>
      <span className="tabular w-14 shrink-0 text-right">
        {row.retryAt === null ? 'now' : <Elapsed until={row.retryAt} />}
      </span>
      {inDoubt ? (
        <span className="w-16" />
      ) : (
        <Button
          tone="quiet"
          className="w-16 justify-center"
          aria-label={`Cancel ${name}`}
          onClick={() => void cancel()}
        >
          Cancel
        </Button>
      )}
    </li>
  );
}

function waitingOf(shots: readonly Shot[], phases: readonly Phase[]): ShotPhase[] {
  const rows: ShotPhase[] = [];
  for (const shot of shots) {
    for (const phase of phases) if (shot.phases[phase].state === 'remediating') rows.push(shot.phases[phase]);
  }
  return rows.sort((a, b) => (a.retryAt ?? '').localeCompare(b.retryAt ?? ''));
}
