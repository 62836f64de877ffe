import type { CostRow } from '../../../src-shared/domain/learning-report.ts';
import { formatUnitUsd, formatUsd } from '../../../src-shared/domain/money.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { FiguresTable, Panel } from './figures-table.tsx';
import { countText } from './learning-text.ts';

/** What an approved second or still costs once everything that was not approved is paid for too. */
export function CostPanel({ costs }: { costs: readonly CostRow[] }) {
  return (
    <Panel
      title="Cost of approved work"
      note="All that was paid in the phase, rejected takes included, for what is approved now."
    >
      {costs.length === 0 ? (
        <p className="text-sm text-dim">Nothing was paid for yet.</p>
      ) : (
        <FiguresTable
          label="Cost of approved work"
          first={{ id: 'name', head: 'Engine', width: 'w-[30%]' }}
          columns={[
            { id: 'paid', head: 'Paid', width: 'w-[14%]', right: true },
            { id: 'attempts', head: 'Attempts', width: 'w-[14%]', right: true },
            { id: 'approved', head: 'Approved', right: true },
            { id: 'price', head: 'Cost per approved', width: 'w-[24%]', right: true },
          ]}
          rows={costs.map((row) => ({
            key: `${row.phase}/${row.model}/${row.output}`,
            name: (
              <>
                {row.model}
                <span className="block text-xs text-dim">{phasePhrases[row.phase]}</span>
                {row.unknownCosts > 0 ? (
                  <span className="block text-xs text-eyes">
                    ▲ {countText(row.unknownCosts, 'attempt')} of unknown price
                  </span>
                ) : null}
              </>
            ),
            cells: [formatUsd(row.spentMicroUsd), row.attempts, approvedText(row), <Price key="price" row={row} />],
          }))}
        />
      )}
    </Panel>
  );
}

function Price({ row }: { row: CostRow }) {
  const price = row.perSecondMicroUsd ?? row.perStillMicroUsd;
  if (price === null) return <span className="text-dim">nothing approved</span>;
  return (
    <>
      {formatUnitUsd(price)} <span className="text-dim">per {row.output === 'clip' ? 'second' : 'still'}</span>
    </>
  );
}

function approvedText(row: CostRow): string {
  return row.output === 'clip'
    ? `${row.approvedSeconds.toFixed(1)} s in ${countText(row.approvedTakes, 'take')}`
    : countText(row.approvedTakes, 'still');
}
