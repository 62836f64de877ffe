import { useState } from 'react';
import { attemptStatePhrases } from '../../../src-shared/attempt-phrases.ts';
import type { AttemptState } from '../../../src-shared/domain/attempt.ts';
import type { AttemptFact } from '../../../src-shared/domain/attempt-step.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Mark, type MarkShape, type MarkTone } from '../../ui/state-mark.tsx';
import { AttemptTimeline } from './attempt-timeline.tsx';
import { DeliverFile } from './deliver-file.tsx';

const marks: Record<AttemptState, { shape: MarkShape; tone: MarkTone }> = {
  intent: { shape: 'ring', tone: 'quiet' },
  submitting: { shape: 'half', tone: 'accent' },
  submitted: { shape: 'half', tone: 'accent' },
  downloaded: { shape: 'half', tone: 'accent' },
  settled: { shape: 'check', tone: 'good' },
  failed: { shape: 'cross', tone: 'bad' },
  in_doubt: { shape: 'eye', tone: 'eyes' },
};

/** The attempts of a shot, the newest first; the one that is opened shows its steps and what was sent. */
export function AttemptList({ projectId, attempts }: { projectId: string; attempts: readonly AttemptFact[] }) {
  const newest = attempts.at(-1)?.id ?? null;
  const [chosen, setChosen] = useState<string | null>(newest);
  if (attempts.length === 0)
    return <EmptyState headline="No attempt yet" sentence="Nothing has been sent to an engine for this shot." />;
  return (
    <ul aria-label="Attempts">
      {[...attempts].reverse().map((attempt) => {
        const isOpen = attempt.id === chosen;
        return (
          <li key={attempt.id} className="border-b">
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={() => setChosen(isOpen ? null : attempt.id)}
              className={classNames(
                'block w-full px-4 py-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]',
                isOpen && 'bg-raised',
              )}
            >
              <AttemptHead attempt={attempt} isOpen={isOpen} />
            </button>
            {isOpen && attempt.provider === 'manual' && attempt.state === 'submitted' ? (
              <DeliverFile projectId={projectId} attemptId={attempt.id} />
            ) : null}
            {isOpen ? <AttemptTimeline projectId={projectId} attemptId={attempt.id} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

function AttemptHead({ attempt, isOpen }: { attempt: AttemptFact; isOpen: boolean }) {
  const { actualMicroUsd, reservedMicroUsd, state, takeId, refusal, failure } = attempt;
  const cost = actualMicroUsd === null ? `${formatUsd(reservedMicroUsd)} held` : formatUsd(actualMicroUsd);
  const why = refusal?.reason ?? failure?.message ?? null;
  return (
    <>
      <span className="flex items-center gap-2 text-sm">
        <Mark {...(refusal ? refused : marks[state])} />
        <span className="tabular font-medium">
          {phasePhrases[attempt.phase]} {attempt.number}
        </span>
        <span className="min-w-0 flex-1 truncate text-soft">
          {attemptStatePhrases[state]}
          {takeId === null ? '' : ` · ${takeId.slice(takeId.lastIndexOf('_') + 1)}`}
        </span>
        <span className="tabular shrink-0 text-dim">{cost}</span>
      </span>
      {why === null ? null : (
        <span className={classNames('mt-0.5 block pl-5 text-xs text-dim', isOpen ? 'break-words' : 'line-clamp-2')}>
          {why}
        </span>
      )}
    </>
  );
}

const refused = { shape: 'cross', tone: 'eyes' } as const;
