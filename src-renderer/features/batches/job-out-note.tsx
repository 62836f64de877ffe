import { useState } from 'react';
import type { JobOut } from '../../../src-shared/domain/job-out.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { keptSentence } from '../../../src-shared/jobs-out.ts';
import { studio } from '../../api/client.ts';
import { useIsLive } from '../../stores/studio-store.ts';
import { showTrouble } from '../../stores/toast-store.ts';
import { Button } from '../../ui/button.tsx';
import { Tip } from '../../ui/tip.tsx';

/** What becomes of a job that is out: who fetches it, until when it is kept, and whether it can be called off. */
export function JobOutNote({ projectId, job }: { projectId: string; job: JobOut }) {
  const { provider, keptUntil } = job;
  return (
    <div className="mb-2 rounded bg-well p-3 text-sm text-soft">
      <div className="flex min-h-7 items-center gap-2">
        <span className="min-w-0 flex-1 text-ink">{standing(job)}</span>
        {job.callOff === 'can' && !job.inDoubt ? <CallOff projectId={projectId} job={job} /> : null}
      </div>
      {job.inDoubt ? null : (
        <p className="mt-1 text-xs">
          It is fetched by itself while the app is open.{' '}
          {keptUntil === null ? '' : keptSentence(provider, keptUntil, new Date())}
        </p>
      )}
    </div>
  );
}

function standing({ provider, place, callOff, inDoubt }: JobOut): string {
  if (inDoubt) return `${provider} may have it`;
  if (callOff === 'wanted') return `${provider} is about to be asked to drop it`;
  if (callOff === 'asked') return `${provider} was asked to drop it`;
  if (place === 'queued') return `It waits its turn at ${provider}`;
  if (place === 'running') return `${provider} has begun it`;
  return `${provider} has it`;
}

function CallOff({ projectId, job }: { projectId: string; job: JobOut }) {
  const [asked, setAsked] = useState(false);
  const isLive = useIsLive();
  const callOff = async () => {
    setAsked(true);
    try {
      await studio.attempts.callOff({ projectId, attemptId: job.attemptId });
    } catch (error) {
      showTrouble(error);
      setAsked(false);
    }
  };
  const held = formatUsd(job.heldMicroUsd);
  return (
    <Tip text={`If it has not begun, nothing is charged and ${held} is free again; else it is paid for and fetched`}>
      <Button tone="quiet" busy={asked || !isLive} onClick={() => void callOff()}>
        Call off
      </Button>
    </Tip>
  );
}
