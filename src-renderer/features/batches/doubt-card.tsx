import { useState } from 'react';
import { doubtFindingPhrases } from '../../../src-shared/attempt-phrases.ts';
import type { Doubt } from '../../../src-shared/domain/attempt-step.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { showDoubt } from '../../stores/attempts-store.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showTrouble } from '../../stores/toast-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { Ago, Elapsed } from '../../ui/elapsed.tsx';
import { Facts } from '../../ui/field-list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { StepList } from './attempt-timeline.tsx';
import { DoubtAnswers } from './doubt-answers.tsx';
import { DoubtJobs } from './doubt-jobs.tsx';

/** One attempt in doubt: what was sent and when, what the engine lists, what a person can say. */
export function DoubtCard({ projectId, doubt }: { projectId: string; doubt: Doubt }) {
  const { attempt, steps } = doubt;
  const { request } = attempt;
  const [jobId, setJobId] = useState('');
  const chooseShot = useViewStore((state) => state.chooseShot);
  const sentAt = steps.findLast(({ kind }) => kind === 'submitting')?.at ?? attempt.createdAt;
  const name = `${shortShotId(attempt.shotId)} ${phasePhrases[attempt.phase]}, attempt ${attempt.number}`;
  return (
    <article aria-label={name} className="@container rounded border border-eyes/40 bg-panel">
      <header className="flex min-h-10 flex-wrap items-center gap-2 border-b px-4 py-1.5">
        <Mark shape="eye" tone="eyes" />
        <h3 className="text-base font-semibold whitespace-nowrap">{name}</h3>
        <span className="tabular text-sm whitespace-nowrap text-eyes">{formatUsd(attempt.reservedMicroUsd)} held</span>
        <span className="flex-1 text-sm whitespace-nowrap text-dim">
          for <Elapsed since={doubt.since} />
        </span>
        <Button tone="quiet" onClick={() => chooseShot(attempt.shotId)}>
          Show the shot
        </Button>
      </header>
      <div className="grid gap-x-6 gap-y-3 px-4 py-3 @min-[560px]:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="min-w-0">
          <h4 className="mb-1.5 text-xs font-semibold text-dim">What was sent</h4>
          <Facts
            rows={[
              [
                'Sent',
                <span key="sent">
                  <Moment at={sentAt} />
                  <span className="text-dim">
                    , <Ago at={sentAt} />
                  </span>
                </span>,
              ],
              ['Engine', `${request.provider} · ${request.endpoint}`],
              [
                'Prompt',
                <span key="prompt" className="line-clamp-4" title={request.prompt}>
                  {request.prompt}
                </span>,
              ],
              ['Seed', request.seed === null ? 'this engine takes none' : String(request.seed)],
              ['Files', filesOf(attempt)],
              ['Its own id', attempt.id],
              ['Because', attempt.failure?.message ?? null],
            ]}
          />
        </div>
        <div className="min-w-0">
          <h4 className="mb-1.5 text-xs font-semibold text-dim">Step by step</h4>
          <StepList steps={steps.slice(-6)} />
        </div>
      </div>
      <Listing projectId={projectId} doubt={doubt} chosen={jobId} onChoose={setJobId} />
      <DoubtAnswers projectId={projectId} doubt={doubt} jobId={jobId} onJobId={setJobId} />
    </article>
  );
}

function Listing(props: { projectId: string; doubt: Doubt; chosen: string; onChoose: (jobId: string) => void }) {
  const { projectId, doubt } = props;
  const { listing, canAsk, askAgainAt, attempt } = doubt;
  const [asking, setAsking] = useState(false);
  const isLive = useIsLive();
  const ask = async () => {
    setAsking(true);
    await studio.attempts.reconcile({ projectId, attemptId: attempt.id }).then(showDoubt, showTrouble);
    setAsking(false);
  };
  return (
    <section aria-label="What the engine lists" className="border-t px-4 py-3">
      <div className="flex min-h-7 items-center gap-3">
        <p className="min-w-0 flex-1 text-sm">
          {listing === null ? (
            <span className="text-dim">
              {canAsk ? 'The engine has not been asked yet.' : doubtFindingPhrases.unsupported}
            </span>
          ) : (
            <>
              {doubtFindingPhrases[listing.finding]}
              <span className="text-dim">
                {' '}
                · <Moment at={listing.at} />
                {listing.note === null ? '' : ` · ${listing.note}`}
              </span>
            </>
          )}
        </p>
        {askAgainAt === null ? null : (
          <span className="text-sm text-dim">
            asked {listing === null ? '' : 'again '}in <Elapsed until={askAgainAt} />
          </span>
        )}
        {canAsk && listing?.finding !== 'unsupported' ? (
          <Button busy={asking || !isLive} onClick={() => void ask()}>
            {asking ? 'Asking…' : 'Ask now'}
          </Button>
        ) : null}
      </div>
      {listing && listing.jobs.length > 0 ? (
        <DoubtJobs jobs={listing.jobs} chosen={props.chosen} onChoose={props.onChoose} />
      ) : null}
    </section>
  );
}

function filesOf({ request }: Doubt['attempt']): string {
  const files = request.startFrame ? [...request.refs, { ...request.startFrame, role: 'start frame' }] : request.refs;
  return files.length === 0 ? 'none' : files.map(({ role, hash }) => `${role} ${hash.slice(7, 19)}…`).join(', ');
}
