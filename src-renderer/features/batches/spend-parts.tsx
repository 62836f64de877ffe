import { remainingMicroUsd, type Spend } from '../../../src-shared/domain/batch.ts';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import { SpendBar } from '../../ui/spend-bar.tsx';

/** The batch's money against its cap, part by part. */
export function SpendParts({ spend, onDoubts }: { spend: Spend; onDoubts: () => void }) {
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
            <button type="button" onClick={onDoubts} className="rounded px-1 text-eyes underline hover:bg-hover">
              settle
            </button>
          ) : null}
        </Part>
        <span className="flex-1" />
        <Part name="Left" amount={remainingMicroUsd(spend)} />
        <Part name="Cap" amount={spend.capMicroUsd} />
      </dl>
    </section>
  );
}

function Part(props: { swatch?: string; name: string; amount: number; children?: React.ReactNode }) {
  return (
    <div className="flex items-center gap-1.5">
      {props.swatch === undefined ? null : (
        <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-[2px] ${props.swatch}`} />
      )}
      <dt className="text-dim">{props.name}</dt>
      <dd>{formatUsd(props.amount)}</dd>
      {props.children}
    </div>
  );
}
