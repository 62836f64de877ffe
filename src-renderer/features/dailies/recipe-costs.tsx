import type { ProvenanceRecord } from '../../../src-shared/domain/provenance.ts';
import { phraseOfCostPart } from '../../../src-shared/phrases.ts';
import { Block, Facts } from '../../ui/field-list.tsx';

/** What the take cost, part by part, as recorded: dollars with four decimals. */
export function RecipeCosts({ provenance }: { provenance: ProvenanceRecord }) {
  const parts = Object.entries(provenance.cost);
  return (
    <Block title="Cost">
      {parts.length === 0 ? (
        <p className="text-sm text-faint">none</p>
      ) : (
        <Facts
          rows={parts.map(
            ([name, dollars]) =>
              [
                phraseOfCostPart(name),
                <span key={name} className="tabular">
                  ${dollars.toFixed(4)}
                </span>,
              ] as const,
          )}
        />
      )}
    </Block>
  );
}
