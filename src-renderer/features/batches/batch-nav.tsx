import { memo } from 'react';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { committedMicroUsd } from '../../../src-shared/domain/batch.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { phases } from '../../../src-shared/domain/phase.ts';
import { phasePhrases, phraseOfBatch } from '../../../src-shared/phrases.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { classNames } from '../../ui/class-names.ts';
import { showCount } from '../../ui/count-text.ts';
import { Mark } from '../../ui/state-mark.tsx';
import { dayAndTime, shortDay } from '../../ui/time-text.ts';
import { batchMark } from './batch-mark.ts';

const entry = 'relative block w-full border-b px-3 py-2 text-left focus-visible:outline-offset-[-2px] hover:bg-panel';
const chosen = 'bg-raised before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent';

/** What is in doubt first, then the batches, the newest on top. */
export function BatchNav(props: {
  batches: readonly Batch[];
  doubts: number;
  current: string | null;
  onDoubts: () => void;
  onBatch: (batchId: string) => void;
}) {
  return (
    <nav aria-label="Batches" className="w-[168px] shrink-0 overflow-y-auto border-r min-[1200px]:w-[212px]">
      <button
        type="button"
        aria-current={props.current === 'doubts'}
        title={`What is in doubt (${keyOf('batches.doubts')})`}
        onClick={props.onDoubts}
        className={classNames(entry, 'flex h-10 items-center gap-2', props.current === 'doubts' && chosen)}
      >
        <Mark {...(props.doubts > 0 ? doubtful : certain)} />
        <span className="flex-1 text-base">In doubt</span>
        <span className={classNames('tabular text-sm', props.doubts > 0 ? 'text-eyes' : 'text-dim')}>
          {props.doubts > 0 ? showCount(props.doubts) : 'nothing'}
        </span>
      </button>
      {[...props.batches].reverse().map((batch) => (
        <button
          key={batch.id}
          type="button"
          aria-current={props.current === batch.id}
          title={`${batch.id}, ${dayAndTime(batch.startedAt ?? batch.createdAt)}`}
          onClick={() => props.onBatch(batch.id)}
          className={classNames(entry, props.current === batch.id && chosen)}
        >
          <BatchEntry batch={batch} />
        </button>
      ))}
    </nav>
  );
}

const doubtful = { shape: 'eye', tone: 'eyes' } as const;
const certain = { shape: 'check', tone: 'faint' } as const;

// Of forty batches one moves at a time.
const BatchEntry = memo(function BatchEntry({ batch }: { batch: Batch }) {
  const { counts, config } = batch;
  const mark = batchMark(batch);
  return (
    <>
      <span className="flex items-baseline gap-2">
        <span className="tabular text-base font-medium">{batch.episodeId}</span>
        <span className="min-w-0 flex-1 truncate text-xs text-dim">
          {config.phases.length === phases.length
            ? 'all phases'
            : config.phases.map((phase) => phasePhrases[phase]).join(', ')}
        </span>
        <span className="tabular shrink-0 text-xs text-dim">
          {showCount(counts.completed)}/{showCount(counts.total)}
        </span>
      </span>
      <span className="mt-0.5 flex items-center gap-1.5 text-xs text-soft">
        <Mark shape={mark.shape} tone={mark.tone} className={mark.moving ? 'animate-breathe' : ''} />
        <span className="min-w-0 flex-1 truncate">{phraseOfBatch(batch)}</span>
      </span>
      <span className="tabular mt-0.5 flex justify-between gap-2 text-xs whitespace-nowrap text-dim">
        <span className="truncate">{shortDay(batch.startedAt ?? batch.createdAt, Date.now())}</span>
        <span>{formatUsd(committedMicroUsd(batch.spend))}</span>
      </span>
    </>
  );
});
