import { useEffect } from 'react';
import { attemptStepPhrases, doubtFindingPhrases } from '../../../src-shared/attempt-phrases.ts';
import type { AttemptStep } from '../../../src-shared/domain/attempt-step.ts';
import { loadTimeline, useAttemptsStore } from '../../stores/attempts-store.ts';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Mark, type MarkShape, type MarkTone } from '../../ui/state-mark.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { JobOutNote } from './job-out-note.tsx';
import { SentRequest } from './sent-request.tsx';

/** The steps of one attempt and what was sent. */
export function AttemptTimeline({ projectId, attemptId }: { projectId: string; attemptId: string }) {
  const asked = useAttemptsStore((state) => state.timelines[attemptId]);
  const isMissing = asked === undefined;
  useEffect(() => {
    if (isMissing) void loadTimeline(projectId, attemptId);
  }, [projectId, attemptId, isMissing]);
  if (asked?.value) {
    return (
      <div className="px-4 pt-1 pb-3">
        {asked.value.job ? (
          <JobOutNote key={asked.value.job.callOff} projectId={projectId} job={asked.value.job} />
        ) : null}
        <StepList steps={asked.value.steps} />
        <SentRequest
          attempt={asked.value.attempt}
          wasSent={asked.value.steps.some(({ kind }) => kind === 'submitting')}
        />
      </div>
    );
  }
  if (asked?.trouble) {
    return (
      <TroublePanel {...asked.trouble}>
        <Button onClick={() => void loadTimeline(projectId, attemptId)}>Try again</Button>
      </TroublePanel>
    );
  }
  return (
    <p role="status" className="px-4 py-2 text-sm text-dim">
      Reading the attempt…
    </p>
  );
}

const shapes: Record<AttemptStep['kind'], { shape: MarkShape; tone: MarkTone }> = {
  intent: { shape: 'ring', tone: 'quiet' },
  submitting: { shape: 'half', tone: 'accent' },
  submitted: { shape: 'dot', tone: 'accent' },
  downloaded: { shape: 'dot', tone: 'accent' },
  settled: { shape: 'check', tone: 'good' },
  failed: { shape: 'cross', tone: 'bad' },
  in_doubt: { shape: 'eye', tone: 'eyes' },
  waiting: { shape: 'bar', tone: 'eyes' },
  trouble: { shape: 'bar', tone: 'eyes' },
  asked: { shape: 'turn', tone: 'quiet' },
  reopened: { shape: 'eye', tone: 'eyes' },
  adopted: { shape: 'check', tone: 'accent' },
  released: { shape: 'dash', tone: 'quiet' },
  charged: { shape: 'dash', tone: 'bad' },
  waited: { shape: 'bar', tone: 'quiet' },
  delivered: { shape: 'dot', tone: 'good' },
  cancel_wanted: { shape: 'dash', tone: 'eyes' },
  cancel_asked: { shape: 'dash', tone: 'accent' },
  cancel_refused: { shape: 'bar', tone: 'eyes' },
};

/** Steps from the first to the last, each with its time, who took it and what it said. */
export function StepList({ steps }: { steps: readonly AttemptStep[] }) {
  return (
    <ol aria-label="Steps of the attempt">
      {steps.map((step) => (
        <li
          key={step.seq}
          className="relative flex gap-2 py-1 text-sm not-last:before:absolute not-last:before:top-5 not-last:before:-bottom-1 not-last:before:left-[5px] not-last:before:w-px not-last:before:bg-edge"
        >
          <Mark {...shapes[step.kind]} className="mt-0.5 bg-panel" />
          <span className="min-w-0 flex-1">
            <span className="text-ink">
              {attemptStepPhrases[step.kind]}
              {step.by === null ? null : <span className="text-dim"> · {step.by}</span>}
            </span>
            <StepDetail step={step} />
          </span>
          <Moment at={step.at} className="shrink-0 text-xs text-dim" />
        </li>
      ))}
    </ol>
  );
}

function StepDetail({ step }: { step: AttemptStep }) {
  const detail = step.finding === null ? step.note : (step.note ?? doubtFindingPhrases[step.finding]);
  if (detail === null) return null;
  return <span className="text-selectable block break-words text-xs text-dim">{detail}</span>;
}
