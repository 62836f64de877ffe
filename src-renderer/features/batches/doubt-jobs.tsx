import { useId } from 'react';
import type { DoubtJob } from '../../../src-shared/domain/attempt-step.ts';
import { shortShotId } from '../../../src-shared/domain/ids.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { Moment } from '../../ui/moment.tsx';

/** The jobs that the engine lists; those that belong to another attempt cannot be chosen. */
export function DoubtJobs(props: { jobs: readonly DoubtJob[]; chosen: string; onChoose: (jobId: string) => void }) {
  const group = useId();
  return (
    <fieldset aria-label="Jobs that the engine lists" className="mt-2 min-w-0 rounded border border-edge bg-well">
      {props.jobs.map((job) => {
        const isHeld = job.heldBy !== null;
        return (
          <label
            key={job.id}
            className={classNames(
              'flex items-center gap-2 border-b px-3 py-1.5 text-sm last:border-b-0',
              isHeld ? 'text-faint' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={group}
              disabled={isHeld}
              checked={props.chosen === job.id}
              onChange={() => props.onChoose(job.id)}
              className="size-3 shrink-0 accent-accent"
            />
            <code className="text-selectable max-w-[45%] shrink-0 truncate font-mono text-xs" title={job.id}>
              {job.id}
            </code>
            <span className="min-w-0 flex-1 truncate text-xs text-dim" title={job.note}>
              {job.heldBy
                ? `belongs to ${shortShotId(job.heldBy.shotId)} ${phasePhrases[job.heldBy.phase]}, attempt ${job.heldBy.number}`
                : job.note}
            </span>
            <span className="shrink-0 text-xs text-dim">
              {job.at === null ? 'no time given' : <Moment at={job.at} />}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
