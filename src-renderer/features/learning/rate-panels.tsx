import type { LearningFigures } from '../../../src-shared/domain/learning-report.ts';
import { type Proportion, proportionText } from '../../../src-shared/domain/proportion.ts';
import { categoryPhrases, gateNamePhrases, shotTypePhrases } from '../../../src-shared/phrases.ts';
import { type FigureRow, FiguresTable, Panel } from './figures-table.tsx';
import { IntervalPlot, PlotScale, percentTicks } from './interval-plot.tsx';
import { casesText, countText, enough, intervalText, percentText } from './learning-text.ts';

interface RateRow {
  key: string;
  name: string;
  share: Proportion;
  /** what stands beside and is in no denominator */
  beside: string;
}

/** How many attempts the gates passed, by engine. */
export function EnginePanel({ figures }: { figures: LearningFigures }) {
  return (
    <Panel
      title="Passed the gates, by engine"
      note="Attempts whose take every gate passed, of those that a gate passed or rejected."
    >
      <RateTable
        label="Passed the gates, by engine"
        first="Engine"
        rows={figures.byModel.map((row) => ({
          ...{ key: row.model, name: row.model, share: row.passed },
          beside: besideOf(row),
        }))}
        nothing="No attempt has been judged yet."
      />
    </Panel>
  );
}

/** The same, by type of shot. */
export function ShotTypePanel({ figures }: { figures: LearningFigures }) {
  return (
    <Panel
      title="Passed the gates, by type of shot"
      note="A type that seldom passes asks for other prompts or references."
    >
      <RateTable
        label="Passed the gates, by type of shot"
        first="Type of shot"
        rows={figures.byShotType.map((row) => {
          const name = row.shotType === null ? 'No longer in the plan' : shotTypePhrases[row.shotType];
          return { key: name, name, share: row.passed, beside: besideOf(row) };
        })}
        nothing="No attempt has been judged yet."
      />
    </Panel>
  );
}

/** Where people decided against a gate. */
export function GatePanel({ figures }: { figures: LearningFigures }) {
  const rows = figures.gates.flatMap(({ gate, falsePositive, falseNegative }): RateRow[] => [
    {
      key: `${gate}/passed`,
      name: gateNamePhrases[gate],
      share: falsePositive,
      beside: 'passed, people rejected',
    },
    {
      key: `${gate}/rejected`,
      name: gateNamePhrases[gate],
      share: falseNegative,
      beside: 'rejected, people approved',
    },
  ]);
  return (
    <Panel
      title="Gates against people"
      note="Low is good in both rows. Too many of the first: its limits are wide. Of the second: they are strict."
    >
      <RateTable
        label="Gates against people"
        first="Gate"
        rows={rows}
        nothing="No decision on a take that a gate had judged yet."
      />
    </Panel>
  );
}

/** What repeats brought. */
export function RepeatPanel({ figures }: { figures: LearningFigures }) {
  const rows = figures.retries.map(
    ({ category, succeeded, notCarriedThrough }): RateRow => ({
      ...{ key: category, name: categoryPhrases[category], share: succeeded },
      beside: notCarriedThrough > 0 ? `${notCarriedThrough} not carried through` : '',
    }),
  );
  return (
    <Panel
      title="Repeats, by cause"
      note="Repeats that did away with their cause. Those that were overtaken or ran out of budget are in no rate."
    >
      <RateTable label="Repeats, by cause" first="Cause" rows={rows} nothing="Nothing had to be repeated yet." />
    </Panel>
  );
}

function besideOf({ undecided, faults }: { undecided: number; faults: number }): string {
  const left = undecided > 0 ? `${undecided} left to people` : '';
  return [left, faults > 0 ? countText(faults, 'provider fault') : ''].filter(Boolean).join(' · ');
}

function RateTable(props: { label: string; first: string; rows: readonly RateRow[]; nothing: string }) {
  if (props.rows.length === 0) return <p className="text-sm text-dim">{props.nothing}</p>;
  const rows = props.rows.map(
    ({ key, name, share, beside }): FigureRow => ({
      key,
      name: (
        <>
          {name}
          {beside ? <span className="block text-xs text-dim">{beside}</span> : null}
        </>
      ),
      cells: [
        <IntervalPlot
          key="plot"
          label={`${[name, beside].filter(Boolean).join(', ')}: ${proportionText(share)}`}
          point={share.rate}
          low={share.low}
          high={share.high}
          ticks={percentTicks}
          faint={share.n < enough}
        />,
        casesText(share),
        share.rate === null ? '' : percentText(share.rate),
        <span key="interval" className="text-dim">
          {intervalText(share)}
        </span>,
      ],
    }),
  );
  return (
    <FiguresTable
      label={props.label}
      first={{ id: 'name', head: props.first, width: 'w-[32%]' }}
      columns={[
        { id: 'plot', head: <PlotScale ticks={percentTicks} /> },
        { id: 'cases', head: 'Cases', width: 'w-[84px]', right: true },
        { id: 'rate', head: 'Rate', width: 'w-[60px]', right: true },
        { id: 'interval', head: '95 % interval', width: 'w-[96px]', right: true },
      ]}
      rows={rows}
    />
  );
}
