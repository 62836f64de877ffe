import { CircleCheck, TriangleAlert } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { Problem } from '../../src-shared/domain/journal.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { classNames } from '../ui/class-names.ts';

const none: readonly Problem[] = [];

/** What is wrong and stays wrong until it is mended: broken plans, stray files, missing refs. */
export function ProblemsTray() {
  const problems = useProjectStore((state) => state.snapshot?.problems ?? none);
  const worst = problems.some((problem) => problem.severity === 'error') ? 'text-bad' : 'text-eyes';
  const count = problems.length;
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={count === 0 ? 'No open problems' : `${count} open problems`}
        className={classNames(
          'tabular flex h-7 shrink-0 items-center gap-1 rounded px-1.5 text-sm hover:bg-hover data-[state=open]:bg-hover',
          count === 0 ? 'text-faint' : worst,
        )}
      >
        {count === 0 ? (
          <CircleCheck className="size-4" aria-hidden="true" />
        ) : (
          <TriangleAlert className="size-4" aria-hidden="true" />
        )}
        {count > 0 ? count : null}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-40 max-h-[70vh] w-[420px] overflow-y-auto rounded border border-edge bg-raised shadow-xl shadow-black/60"
        >
          <h2 className="border-b border-edge px-3 py-2 text-sm font-semibold">Open problems</h2>
          {count === 0 ? (
            <p className="p-3 text-sm text-dim">Nothing is wrong with the files of this project.</p>
          ) : null}
          <ul>
            {problems.map((problem) => (
              <ProblemRow key={problem.key} problem={problem} />
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ProblemRow({ problem }: { problem: Problem }) {
  const place = [problem.file, problem.where].filter(Boolean).join(' · ');
  return (
    <li className="text-selectable border-b border-edge px-3 py-2 last:border-0">
      <p className={classNames('flex gap-2 text-sm', problem.severity === 'error' ? 'text-bad' : 'text-eyes')}>
        <TriangleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
        <span className="text-ink">{problem.message}</span>
      </p>
      {place === '' ? null : <p className="mt-1 pl-5 font-mono text-xs break-all text-soft">{place}</p>}
      <p className="mt-1 pl-5 text-xs text-dim">{problem.hint}</p>
    </li>
  );
}
