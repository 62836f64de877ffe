import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { attemptStatePhrases } from '../../../src-shared/attempt-phrases.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot, ShotPhase } from '../../../src-shared/domain/shot.ts';
import { phasePhrases, phraseOfPhase } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showToast, showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { showCount } from '../../ui/count-text.ts';
import { Mark } from '../../ui/state-mark.tsx';
import { Tip } from '../../ui/tip.tsx';
import { WaitEnd } from './phase-cell.tsx';
import { type PhaseWait, retriesOf, type Waits, waitOf } from './phase-waits.ts';

const shownAtOnce = 50;

/**
 * What waits for another try, the soonest first, with its reason, its countdown and a way to end the wait. It stands under
 * the shots: it comes and goes all the time, and nothing above it may move for that.
 */
export function RetryList(props: {
  projectId: string;
  shots: readonly Shot[];
  phases: readonly Phase[];
  waits: Waits;
  onDoubts: () => void;
  /** has the focus when the row that had it is gone and no other is left */
  home: RefObject<HTMLElement | null>;
}) {
  const { projectId, shots, phases, home } = props;
  const waiting = useMemo(() => retriesOf(shots, phases), [shots, phases]);
  const list = useRef<HTMLUListElement>(null);
  const isEnding = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row whose wait was ended goes with the list
  useEffect(() => {
    if (!isEnding.current || document.activeElement !== document.body) return;
    isEnding.current = false;
    (list.current?.querySelector('button') ?? home.current)?.focus({ preventScroll: true });
  }, [waiting, home]);
  if (waiting.length === 0) return null;
  const isMore = waiting.length > shownAtOnce;
  return (
    <section aria-label="Waiting for another try" className="max-h-[22vh] shrink-0 overflow-y-auto border-t">
      <h3 className="sticky top-0 bg-floor px-4 pt-2 pb-1 text-xs font-medium text-dim">
        Waiting for another try ({showCount(waiting.length)}
        {isMore ? `; the next ${shownAtOnce} are shown` : ''})
      </h3>
      <ul ref={list}>
        {waiting.slice(0, shownAtOnce).map((row) => (
          <RetryRow key={`${row.shotId}/${row.phase}`} row={row} wait={waitOf(row, props.waits)}>
            {waitOf(row, props.waits) === 'doubt' ? (
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

function RetryRow({ row, wait, children }: { row: ShotPhase; wait: PhaseWait | null; children: React.ReactNode }) {
  const inDoubt = wait === 'doubt';
  return (
    <li className="flex min-h-8 items-center gap-2 px-4 text-sm hover:bg-panel">
      <Mark shape={inDoubt ? 'eye' : 'turn'} tone={inDoubt ? 'eyes' : 'accent'} />
      <span className="tabular w-26 shrink-0">{nameOf(row)}</span>
      <span className="w-28 shrink-0 text-dim">{inDoubt ? attemptStatePhrases.in_doubt : phraseOfPhase(row)}</span>
      {/* Two lines: an engine's long complaint must not push the other waits away. The shot's panel has it whole. */}
      <span
        className="text-selectable my-1 line-clamp-2 min-w-0 flex-1 text-xs leading-4 text-soft"
        title={row.reason ?? ''}
      >
        {row.reason}
      </span>
      <span className="tabular w-14 shrink-0 text-right">
        <WaitEnd row={row} wait={wait} />
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
