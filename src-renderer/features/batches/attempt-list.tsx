import { useState } from 'react';
import { attemptStatePhrases } from '../../../src-shared/attempt-phrases.ts';
import type { AttemptState } from '../../../src-shared/domain/attempt.ts';
import type { AttemptFact } from '../../../src-shared/domain/attempt-step.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Moment } from '../../ui/moment.tsx';
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

/** The attempts of a shot, the newest first, and below them the chosen one: its steps and what was sent. */
export function AttemptList({ projectId, attempts }: { projectId: string; attempts: readonly AttemptFact[] }) {
  const [chosenId, setChosen] = useState<string | null>(null);
  const chosen = attempts.find(({ id }) => id === chosenId) ?? attempts.at(-1);
  if (chosen === undefined)
    return <EmptyState headline="No attempt yet" sentence="Nothing has been sent to an engine for this shot." />;
  return (
    <>
      <ul aria-label="Attempts" className="max-h-[32vh] overflow-y-auto">
        {[...attempts].reverse().map((attempt) => (
          <li key={attempt.id} className="border-b">
            <button
              type="button"
              aria-pressed={attempt.id === chosen.id}
              onClick={() => setChosen(attempt.id)}
              className={classNames(
                'relative block w-full px-4 py-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]',
                attempt.id === chosen.id &&
                  'bg-raised before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent',
              )}
            >
              <AttemptHead attempt={attempt} isChosen={attempt.id === chosen.id} />
            </button>
          </li>
        ))}
      </ul>
      {chosen.provider === 'manual' && chosen.state === 'submitted' ? (
        <div className="pt-3">
          <DeliverFile projectId={projectId} attemptId={chosen.id} />
        </div>
      ) : null}
      <AttemptTimeline key={chosen.id} projectId={projectId} attemptId={chosen.id} />
    </>
  );
}

function AttemptHead({ attempt, isChosen }: { attempt: AttemptFact; isChosen: boolean }) {
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
        <Moment at={attempt.createdAt} className="shrink-0 text-xs text-dim" />
        <span className="tabular min-w-12 shrink-0 text-right text-dim">{cost}</span>
      </span>
      {why === null ? null : (
        <span
          className={classNames('mt-0.5 ml-5 text-xs break-words text-dim', isChosen ? 'block' : 'line-clamp-2')}
          title={why}
        >
          {why}
        </span>
      )}
    </>
  );
}

const refused = { shape: 'cross', tone: 'eyes' } as const;
