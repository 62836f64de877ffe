import { Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import type { Batch } from '../../../src-shared/domain/batch.ts';
import { phasePhrases, phraseOfBatch, phrasesOfCounts } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { RaiseCapDialog } from '../../app/raise-cap-dialog.tsx';
import { StopBatchDialog } from '../../app/stop-batch-dialog.tsx';
import { isUnderWay } from '../../stores/project-store.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { showCount } from '../../ui/count-text.ts';
import { Ago } from '../../ui/elapsed.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { dayAndTime, shortDay } from '../../ui/time-text.ts';
import { Tip } from '../../ui/tip.tsx';
import { nextStepOf, settingsText, tookText } from './batch-facts.ts';
import { batchMark } from './batch-mark.ts';

/** What the batch is, how it goes, why it stands, and what a person can do with it. */
export function BatchHeader(props: { projectId: string; batch: Batch; timeLeft: string }) {
  const { batch, projectId } = props;
  const mark = batchMark(batch);
  const isOver = !isUnderWay(batch);
  return (
    <header className="border-b px-4 pt-3 pb-2.5">
      <div className="flex min-h-7 items-center gap-3">
        <h2 className="flex min-w-0 gap-2 text-lg font-semibold">
          {batch.episodeId}{' '}
          <span className="truncate font-normal text-soft">
            {batch.config.phases.map((phase) => phasePhrases[phase]).join(', ')}
          </span>
        </h2>
        <span className="flex shrink-0 items-center gap-1.5 text-base">
          <Mark shape={mark.shape} tone={mark.tone} className={mark.moving ? 'animate-breathe' : ''} />
          {phraseOfBatch(batch)}
        </span>
        <span className="flex-1" />
        {isOver ? null : <BatchActions projectId={projectId} batch={batch} />}
      </div>
      {/* one line whatever it says: figures and the time left change all the time */}
      <p className="tabular mt-1 flex gap-x-4 text-sm whitespace-nowrap text-dim">
        {phrasesOfCounts(batch).map((text, index) => (
          <span key={text} className={index === 0 ? 'text-ink' : undefined}>
            {text}
          </span>
        ))}
        {batch.autoApproved > 0 ? <span>{showCount(batch.autoApproved)} approved by autonomy</span> : null}
        {isOver ? null : (
          <span className="min-w-0 truncate" title={props.timeLeft}>
            Time left: {props.timeLeft}
          </span>
        )}
      </p>
      {/* always a line, so that nothing below moves when a batch is put on hold */}
      <p className="text-selectable mt-1 text-sm text-dim">
        {batch.statusReason === null ? null : (
          <span className={classNames('break-words text-ink', isOver && 'mb-1 block max-w-[860px]')}>
            {[batch.statusReason, nextStepOf(batch)].join(' ').trim()}{' '}
          </span>
        )}
        {settingsText(batch)} · <Started batch={batch} />
      </p>
    </header>
  );
}

/** When it began and how long ago that is; how long it took once it is over. */
function Started({ batch }: { batch: Batch }) {
  const at = batch.startedAt ?? batch.createdAt;
  return (
    <span className="tabular">
      started{' '}
      <time dateTime={at} title={dayAndTime(at)}>
        {shortDay(at, Date.now())}
      </time>
      , <Ago at={at} />
      {tookText(batch)}
    </span>
  );
}

function BatchActions({ projectId, batch }: { projectId: string; batch: Batch }) {
  const [asking, setAsking] = useState<'stop' | 'cap' | null>(null);
  const [calling, setCalling] = useState(false);
  const busy = !useIsLive() || calling;
  const call = async (action: (input: { projectId: string; batchId: string }) => Promise<unknown>) => {
    setCalling(true);
    await action({ projectId, batchId: batch.id }).catch(showTrouble);
    setCalling(false);
  };
  const isPaused = batch.status === 'paused';
  const Icon = isPaused ? Play : Pause;
  return (
    <div className="flex shrink-0 items-center gap-2" role="toolbar" aria-label="This batch">
      {isPaused || batch.status === 'running' ? (
        // One button that changes, so that it keeps the focus.
        <Tip text={isPaused ? 'Go on' : 'Submit nothing more for now'} keys={keyOf('batch.hold')}>
          <Button
            tone={isPaused ? 'primary' : 'plain'}
            busy={busy}
            icon={<Icon className="size-3.5" aria-hidden="true" />}
            onClick={() => void call(isPaused ? studio.batches.resume : studio.batches.pause)}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
        </Tip>
      ) : null}
      <Tip text="Go on under a higher cap" keys={batch.status === 'budget_exhausted' ? keyOf('batch.hold') : undefined}>
        <Button
          tone={batch.status === 'budget_exhausted' ? 'primary' : 'plain'}
          busy={busy}
          onClick={() => setAsking('cap')}
        >
          Raise cap
        </Button>
      </Tip>
      <Tip text="End the batch; asks first" keys={keyOf('batch.stop')}>
        <Button busy={busy} icon={<Square className="size-3.5" aria-hidden="true" />} onClick={() => setAsking('stop')}>
          Stop
        </Button>
      </Tip>
      {asking === 'stop' ? (
        <StopBatchDialog
          projectId={projectId}
          batchId={batch.id}
          onStop={() => void call(studio.batches.stop)}
          onClose={() => setAsking(null)}
        />
      ) : null}
      {asking === 'cap' ? <RaiseCapDialog projectId={projectId} batch={batch} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}
