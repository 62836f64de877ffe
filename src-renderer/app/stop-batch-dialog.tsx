import { useEffect, useState } from 'react';
import type { JobOut } from '../../src-shared/domain/job-out.ts';
import { countJobsOut, tellStop } from '../../src-shared/jobs-out.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

type Asked = { kind: 'asking' } | { kind: 'told'; jobs: readonly JobOut[] } | { kind: 'unknown'; trouble: Trouble };

/** Asks before a batch is ended, and says what becomes of each job that is out. */
export function StopBatchDialog(props: {
  projectId: string;
  batchId: string;
  onStop: () => void;
  onClose: () => void;
}) {
  const { projectId, batchId, onStop, onClose } = props;
  const [asked, setAsked] = useState<Asked>({ kind: 'asking' });
  useEffect(() => {
    let isOpen = true;
    studio.attempts.jobsOut({ projectId, batchId }).then(
      (jobs) => isOpen && setAsked({ kind: 'told', jobs }),
      (error: unknown) => isOpen && setAsked({ kind: 'unknown', trouble: troubleOf(error) }),
    );
    return () => {
      isOpen = false;
    };
  }, [projectId, batchId]);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Stop the batch?"
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            Keep it running
          </Button>
          <Button
            tone="bad"
            onClick={() => {
              onStop();
              onClose();
            }}
          >
            Stop the batch
          </Button>
        </>
      }
    >
      <div className="min-h-32 space-y-3 p-4 text-sm text-soft">
        <p>Nothing more is submitted. Every take, decision and approval stays, and a new batch goes on from there.</p>
        <JobsOut asked={asked} />
      </div>
    </Dialog>
  );
}

function JobsOut({ asked }: { asked: Asked }) {
  if (asked.kind === 'asking') return <p className="text-dim">Looking at what is out…</p>;
  if (asked.kind === 'unknown') {
    return (
      <p className="text-eyes">
        What is out could not be read: {asked.trouble.sentence} A job that waits its turn is called off where that costs
        nothing; any other is paid for and fetched.
      </p>
    );
  }
  if (asked.jobs.length === 0) return <p>No job is out: nothing is left to fetch or to pay for.</p>;
  return (
    <div>
      <p className="text-ink">{countJobsOut(asked.jobs)}</p>
      <ul aria-label="Jobs that are out" className="mt-1 list-disc space-y-1 pl-4">
        {tellStop(asked.jobs).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
