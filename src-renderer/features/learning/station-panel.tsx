import type { StationRow } from '../../../src-shared/domain/learning-report.ts';
import { phasePhrases, statePhrases } from '../../../src-shared/phrases.ts';
import { FiguresTable, Panel } from './figures-table.tsx';
import { IntervalPlot, PlotScale } from './interval-plot.tsx';
import { durationText, enough, timePosition, timeTicks } from './learning-text.ts';

const ticks = timeTicks.map(({ ms, text }) => ({ at: timePosition(ms), text }));

/** How long the line takes, station by station, and how long it waits for a person. */
export function StationPanel({ stations }: { stations: readonly StationRow[] }) {
  return (
    <Panel
      title="Time at each station"
      note="Point: half of all passes are faster. Bar: up to the time that 95 of 100 stay under."
    >
      {stations.length === 0 ? (
        <p className="text-sm text-dim">No phase has left a station yet.</p>
      ) : (
        <FiguresTable
          label="Time at each station"
          first={{ id: 'name', head: 'Station', width: 'w-[30%]' }}
          columns={[
            { id: 'plot', head: <PlotScale ticks={ticks} /> },
            { id: 'median', head: 'Median', width: 'w-[92px]', right: true },
            { id: 'p95', head: '95 of 100', width: 'w-[92px]', right: true },
            { id: 'passes', head: 'Passes', width: 'w-[64px]', right: true },
          ]}
          rows={stations.map((row) => {
            const name = `${statePhrases[row.state]} · ${phasePhrases[row.phase]}`;
            const [median, p95] = [durationText(row.medianMs), durationText(row.p95Ms)];
            return {
              key: name,
              name,
              cells: [
                <IntervalPlot
                  key="plot"
                  label={`${name}: median ${median}, 95 of 100 under ${p95}`}
                  point={timePosition(row.medianMs)}
                  low={timePosition(row.medianMs)}
                  high={timePosition(row.p95Ms)}
                  ticks={ticks}
                  faint={row.n < enough}
                />,
                median,
                <span key="p95" className="text-soft">
                  {p95}
                </span>,
                <span key="n" className="text-dim">
                  {row.n}
                </span>,
              ],
            };
          })}
        />
      )}
    </Panel>
  );
}
