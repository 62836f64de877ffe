import { remainingMicroUsd, type Spend } from '../../../src-shared/domain/batch.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { SpendBar } from '../../ui/spend-bar.tsx';
import { overCapMicroUsd } from './batch-facts.ts';

/** The batch's money against its cap, part by part. */
export function SpendParts({ spend, onDoubts }: { spend: Spend; onDoubts: () => void }) {
  const over = overCapMicroUsd(spend);
  return (
    <section aria-label="Spend of this batch" className="border-b px-4 py-2.5">
      <SpendBar spend={spend} className="h-3! w-full" />
      <dl className="tabular mt-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-sm">
        <Part swatch="bg-soft" name="Settled" amount={spend.settledMicroUsd} />
        <Part
          swatch="bg-[repeating-linear-gradient(135deg,var(--color-dim)_0_2px,transparent_2px_4px)] ring-1 ring-edge"
          name="Reserved"
          amount={spend.reservedMicroUsd}
        />
        <Part swatch="border border-eyes bg-eyes/20" name="In doubt" amount={spend.inDoubtMicroUsd}>
          {spend.inDoubtMicroUsd > 0 ? (
            <button type="button" onClick={onDoubts} className="ml-1.5 rounded px-1 text-eyes underline hover:bg-hover">
              settle
            </button>
          ) : null}
        </Part>
        {over > 0 ? (
          <Part name="▲ Over the cap" amount={over} className="ml-auto text-eyes" />
        ) : (
          <Part name="Left" amount={remainingMicroUsd(spend)} className="ml-auto" />
        )}
        <Part name="Cap" amount={spend.capMicroUsd} />
      </dl>
    </section>
  );
}

function Part(props: {
  swatch?: string;
  name: string;
  amount: number;
  className?: string;
  children?: React.ReactNode;
}) {
  return (
    <div className={`flex items-center gap-1.5 whitespace-nowrap ${props.className ?? 'text-ink'}`}>
      <dt className="flex items-center gap-1.5">
        {props.swatch === undefined ? null : (
          <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-[2px] ${props.swatch}`} />
        )}
        <span className={props.className?.includes('text-eyes') ? '' : 'text-dim'}>{props.name}</span>
      </dt>
      <dd>
        {formatUsd(props.amount)}
        {props.children}
      </dd>
    </div>
  );
}
