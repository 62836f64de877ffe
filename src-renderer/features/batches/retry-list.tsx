import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import { phasePhrases, phraseOfPhase } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { useAttemptsStore } from '../../stores/attempts-store.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showToast, showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { showCount } from '../../ui/count-text.ts';
import { Elapsed } from '../../ui/elapsed.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Tip } from '../../ui/tip.tsx';

const shownAtOnce = 50;

/**
 * What waits for another try, the soonest first, with its reason, its countdown and a way to end the wait. It stands under
 * the shots: it comes and goes all the time, and nothing above it may move for that.
 */
export function RetryList(props: {
  projectId: string;
  shots: readonly Shot[];
  phases: readonly Phase[];
  onDoubts: () => void;
  /** has the focus when the row that had it is gone and no other is left */
  home: RefObject<HTMLElement | null>;
}) {
  const { projectId, shots, phases, home } = props;
  const waiting = useMemo(() => waitingOf(shots, phases), [shots, phases]);
  const doubts = useAttemptsStore((state) => state.doubts.value);
  const list = useRef<HTMLUListElement>(null);
  const isEnding = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row whose wait was ended goes with the list
  useEffect(() => {
    if (!isEnding.current || document.activeElement !== document.body) return;
    isEnding.current = false;
    (list.current?.querySelector('button') ?? home.current)?.focus({ preventScroll: true });
  }, [waiting, home]);
  if (waiting.length === 0) return null;
  const isInDoubt = (row: ShotPhase) =>
    doubts?.some(({ attempt }) => attempt.shotId === row.shotId && attempt.phase === row.phase) ?? false;
  const isMore = waiting.length > shownAtOnce;
  return (
    <section aria-label="Waiting for another try" className="max-h-[22vh] shrink-0 overflow-y-auto border-t">
      <h3 className="sticky top-0 bg-floor px-4 pt-2 pb-1 text-xs font-medium text-dim">
        Waiting for another try ({showCount(waiting.length)}
        {isMore ? `; the next ${shownAtOnce} are shown` : ''})
      </h3>
      <ul ref={list}>
        {waiting.slice(0, shownAtOnce).map((row) => (
          <RetryRow key={`${row.shotId}/${row.phase}`} row={row} inDoubt={isInDoubt(row)}>
            {isInDoubt(row) ? (
              <Tip text="What was sent, and the ways out of the doubt">
                <Button tone="quiet" className={action} aria-label={`Settle ${nameOf(row)}`} onClick={props.onDoubts}>
                  Settle
                </Button>
              </Tip>
            ) : (
              <CancelButton
                projectId={projectId}
                row={row}
                onAsked={() => {
                  isEnding.current = true;
                }}
              />
            )}
          </RetryRow>
        ))}
      </ul>
    </section>
  );
}

const action = 'w-16 justify-center';
const nameOf = (row: ShotPhase) => `${shortShotId(row.shotId)} ${phasePhrases[row.phase]}`;

function RetryRow({ row, inDoubt, children }: { row: ShotPhase; inDoubt: boolean; children: React.ReactNode }) {
  return (
    <li className="flex min-h-8 items-center gap-2 px-4 text-sm hover:bg-panel">
      <Mark shape="turn" tone={inDoubt ? 'eyes' : 'accent'} />
      <span className="tabular w-26 shrink-0">{nameOf(row)}</span>
      <span className="w-28 shrink-0 text-dim">{inDoubt ? 'Asked again' : phraseOfPhase(row)}</span>
      {/* A wait says what the next try changes, whole; of a doubt everything is told where it is settled. */}
      <span className="min-w-0 flex-1 py-1">
        <span className={classNames('text-selectable block text-xs leading-4 text-soft', inDoubt && 'line-clamp-2')}>
          {row.reason}
        </span>
      </span>
      <span className="tabular w-14 shrink-0 text-right">
        {row.retryAt === null ? 'now' : <Elapsed until={row.retryAt} />}
      </span>
      {children}
    </li>
  );
}

function CancelButton({ projectId, row, onAsked }: { projectId: string; row: ShotPhase; onAsked: () => void }) {
  const [asked, setAsked] = useState(false);
  const isLive = useIsLive();
  const cancel = async () => {
    setAsked(true);
    onAsked();
    try {
      await studio.batches.cancelRetry({ projectId, shotId: row.shotId, phase: row.phase });
      showToast({ headline: 'Wait ended', sentence: `${nameOf(row)} awaits you. Nothing is sent for it now.` });
    } catch (error) {
      showTrouble(error);
      setAsked(false);
    }
  };
  return (
    <Tip text="End the wait: it awaits you then, and nothing is sent">
      <Button
        tone="quiet"
        className={action}
        busy={asked || !isLive}
        aria-label={`Cancel ${nameOf(row)}`}
        onClick={() => void cancel()}
      >
        Cancel
      </Button>
    </Tip>
  );
}

function waitingOf(shots: readonly Shot[], phases: readonly Phase[]): ShotPhase[] {
  const rows: ShotPhase[] = [];
  for (const shot of shots) {
    for (const phase of phases) if (shot.phases[phase].state === 'remediating') rows.push(shot.phases[phase]);
  }
  return rows.sort((a, b) => (a.retryAt ?? '').localeCompare(b.retryAt ?? ''));
}
