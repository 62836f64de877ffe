import { useEffect, useRef } from 'react';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { loadDoubts, useAttemptsStore } from '../../stores/attempts-store.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { DoubtCard } from './doubt-card.tsx';

/** Every attempt of which nobody knows whether it was charged, with what can be known and the ways out. */
export function DoubtsView({ projectId }: { projectId: string }) {
  const { value: doubts, trouble } = useAttemptsStore((state) => state.doubts);
  const isLive = useIsLive();
  const isMissing = doubts === null && trouble === null;
  useEffect(() => {
    if (isMissing) void loadDoubts(projectId);
  }, [projectId, isMissing]);
  const place = useRef<HTMLElement>(null);
  const count = doubts?.length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the card that had the focus may have gone with its doubt
  useEffect(() => {
    if (document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [count]);
  const held = doubts?.reduce((sum, { attempt }) => sum + attempt.reservedMicroUsd, 0) ?? 0;
  return (
    <section
      ref={place}
      tabIndex={-1}
      aria-label="Attempts in doubt"
      className="outline-none min-w-0 flex-1 overflow-y-auto"
    >
      {doubts && doubts.length > 0 ? (
        <>
          <header className="border-b px-4 pt-3 pb-2.5">
            <h2 className="text-lg font-semibold">
              In doubt <span className="font-normal text-soft">{formatUsd(held)} held</span>
            </h2>
            <p className="mt-1 max-w-[640px] text-sm text-dim">
              The connection ended before the engine had answered: it may be at work and may charge. Nothing is sent
              again until somebody says what became of it. Nothing here can spend.
            </p>
            {isLive ? null : (
              <p role="status" className="mt-1 text-sm text-eyes">
                ▲ This window is not connected: what it shows is as it was, and nothing can be said of it until it is.
              </p>
            )}
          </header>
          <ul className="space-y-4 p-4">
            {doubts.map((doubt) => (
              <li key={doubt.attempt.id}>
                <DoubtCard projectId={projectId} doubt={doubt} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {doubts?.length === 0 ? (
        <EmptyState
          headline="Nothing is in doubt"
          sentence="Of every request that was sent, somebody knows what became of it."
        />
      ) : null}
      {doubts === null && trouble ? (
        <TroublePanel {...trouble}>
          <Button onClick={() => void loadDoubts(projectId)}>Try again</Button>
        </TroublePanel>
      ) : null}
      {isMissing ? (
        <p role="status" className="flex h-full items-center justify-center text-base text-dim">
          Looking for attempts in doubt…
        </p>
      ) : null}
    </section>
  );
}
