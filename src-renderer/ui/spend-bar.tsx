import type { Spend } from '../../src-shared/domain/batch.ts';
import { classNames } from './class-names.ts';

/** Settled solid, reserved hatched, in doubt outlined, against the cap. */
export function SpendBar({ spend, className }: { spend: Spend; className?: string }) {
  const share = (amount: number) =>
    `${Math.min(100, spend.capMicroUsd === 0 ? 0 : (100 * amount) / spend.capMicroUsd)}%`;
  return (
    <span
      aria-hidden="true"
      className={classNames('flex h-2 overflow-hidden rounded-sm bg-well ring-1 ring-edge', className)}
    >
      <span className="bg-soft" style={{ width: share(spend.settledMicroUsd) }} />
      <span
        className="bg-[repeating-linear-gradient(135deg,var(--color-dim)_0_2px,transparent_2px_4px)]"
        style={{ width: share(spend.reservedMicroUsd) }}
      />
      {spend.inDoubtMicroUsd > 0 ? (
        <span className="border border-eyes bg-eyes/20" style={{ width: share(spend.inDoubtMicroUsd) }} />
      ) : null}
    </span>
  );
}
