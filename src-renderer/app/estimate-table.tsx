import type { BatchEstimate, EstimateLine } from '../../src-shared/domain/batch.ts';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { phasePhrases } from '../../src-shared/phrases.ts';
import { Mark } from '../ui/state-mark.tsx';
import { TroublePanel } from '../ui/trouble-panel.tsx';
import type { EstimateLoad } from './use-estimate.ts';

/** Price of every shot and phase, refusals first. */
export function EstimateTable({ load }: { load: EstimateLoad }) {
  if (load.kind === 'refused') {
    return (
      <div className="border-t">
        <TroublePanel {...load.trouble} />
      </div>
    );
  }
  if (load.kind === 'waiting') {
    return <p className="border-t p-4 text-sm text-dim">Pricing every shot…</p>;
  }
  const lines = [...load.estimate.lines].sort((a, b) => Number(a.refusal === null) - Number(b.refusal === null));
  if (lines.length === 0) return <p className="border-t p-4 text-sm text-dim">Nothing is left to run in this scope.</p>;
  return (
    <table className="w-full border-t text-sm">
      <thead className="sticky top-0 bg-panel text-left text-xs text-dim">
        <tr>
          <th className="py-1.5 pl-4 font-normal">Shot</th>
          <th className="font-normal">Phase</th>
          <th className="font-normal">Model</th>
          <th className="pr-4 text-right font-normal">Price</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={`${line.shotId}/${line.phase}`} line={line} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ line }: { line: EstimateLine }) {
  return (
    <tr className="border-t align-top">
      <td className="tabular py-1.5 pl-4">{shortShotId(line.shotId)}</td>
      <td className="py-1.5 text-soft">{phasePhrases[line.phase]}</td>
      <td className="py-1.5 text-soft">
        {line.model}
        {line.refusal === null ? null : (
          <p className="text-selectable mt-0.5 flex items-start gap-1.5 text-xs text-bad">
            <Mark shape="cross" tone="bad" className="mt-0.5" />
            Refused: {line.refusal}
          </p>
        )}
      </td>
      <td className="tabular py-1.5 pr-4 text-right">
        {line.costMicroUsd === null ? 'unknown' : formatUsd(line.costMicroUsd)}
      </td>
    </tr>
  );
}

/** Total against the cap, with what would run and what would be refused. */
export function EstimateTotals({ estimate }: { estimate: BatchEstimate }) {
  return (
    <p className="tabular flex items-center gap-2 text-sm">
      <Mark shape={estimate.fitsBudget ? 'check' : 'eye'} tone={estimate.fitsBudget ? 'good' : 'eyes'} />
      <span className="font-semibold">{formatUsd(estimate.totalMicroUsd)}</span>
      <span className="text-dim">of {formatUsd(estimate.capMicroUsd)}</span>
      <span className="text-soft">
        · {estimate.runnable} will run
        {estimate.refused > 0 ? `, ${estimate.refused} refused` : ''}
        {estimate.fitsBudget ? '' : ' · the line stops at the cap'}
      </span>
    </p>
  );
}
