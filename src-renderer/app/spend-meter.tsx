import { Popover } from 'radix-ui';
import { committedMicroUsd, remainingMicroUsd, type Spend } from '../../src-shared/domain/batch.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { useActiveBatch, useProjectStore } from '../stores/project-store.ts';
import { SpendBar } from '../ui/spend-bar.tsx';

/** What is bound of the cap: the batch's while one is under way, the project's otherwise; both on a click. */
export function SpendMeter() {
  const project = useProjectStore((state) => state.snapshot?.spend ?? null);
  const isRehearsal = useProjectStore((state) => state.snapshot?.project.rehearsal === true);
  const batch = useActiveBatch();
  if (project === null) return null;
  const shown = batch?.spend ?? project;
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label="Spend against cap"
        className="tabular flex h-7 shrink-0 items-center gap-2 rounded px-2 text-sm hover:bg-hover data-[state=open]:bg-hover"
      >
        <span className={isRehearsal ? 'text-eyes' : 'text-dim max-[1599px]:sr-only'}>
          {isRehearsal ? 'Play money' : batch ? 'Batch' : 'Project'}
        </span>
        <SpendBar spend={shown} className="w-12 max-[1199px]:hidden min-[1600px]:w-20" />
        <span>
          {formatUsd(committedMicroUsd(shown))}{' '}
          <span className="text-dim max-[1023px]:sr-only">of {formatUsd(shown.capMicroUsd)}</span>
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-40 w-72 rounded border border-edge bg-raised p-3 shadow-xl shadow-black/60"
        >
          {batch ? <SpendParts title="This batch" spend={batch.spend} /> : null}
          {batch ? <div className="my-3 h-px bg-edge" /> : null}
          <SpendParts title="Project" spend={project} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function SpendParts({ title, spend }: { title: string; spend: Spend }) {
  const rows: readonly [string, number][] = [
    ['Settled', spend.settledMicroUsd],
    ['Reserved for work under way', spend.reservedMicroUsd],
    ['In doubt, counted as spent', spend.inDoubtMicroUsd],
    ['Left under the cap', remainingMicroUsd(spend)],
    ['Cap', spend.capMicroUsd],
  ];
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      <SpendBar spend={spend} className="mb-2 w-full" />
      <dl className="tabular space-y-1 text-sm">
        {rows.map(([name, amount]) => (
          <div key={name} className="flex justify-between">
            <dt className="text-dim">{name}</dt>
            <dd>{formatUsd(amount)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
