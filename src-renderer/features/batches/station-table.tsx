import { useMemo } from 'react';
import type { Phase } from '../../../src-shared/domain/phase.ts';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { showCount } from '../../ui/count-text.ts';
import { Mark, stateMarks } from '../../ui/state-mark.tsx';
import { cellKey, countStations, type StationFilter, stationColumns } from './station-counts.ts';

/** Phases by stations with the number of shots in each; a number filters the list below. */
export function StationTable(props: {
  shots: readonly Shot[];
  phases: readonly Phase[];
  filter: StationFilter | null;
  onFilter: (filter: StationFilter | null) => void;
}) {
  const counts = useMemo(() => countStations(props.shots, props.phases), [props.shots, props.phases]);
  return (
    <section aria-label="Shots by station" className="@container overflow-x-auto border-b px-4 py-2">
      <table aria-label="Shots by phase and station" className="w-full border-collapse text-sm whitespace-nowrap">
        <thead>
          <tr>
            <th className="w-14">
              <span className="sr-only">Phase</span>
            </th>
            {stationColumns.map(({ key, text, states }) => (
              <th
                key={key}
                scope="col"
                title={text}
                className="h-7 px-0.5 text-right text-xs font-normal text-dim @max-[560px]:whitespace-normal @min-[560px]:px-1"
              >
                <span className="flex items-center justify-end gap-1">
                  <Mark {...markOf(states[0] ?? 'queued')} className="size-2.5! @max-[700px]:hidden" />
                  {text}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.phases.map((phase) => (
            <tr key={phase}>
              <th scope="row" className="h-7 text-left text-sm font-normal text-soft">
                {phasePhrases[phase]}
              </th>
              {stationColumns.map(({ key, text }) => {
                const count = counts.get(cellKey(phase, key)) ?? 0;
                const isOn = props.filter?.phase === phase && props.filter.column === key;
                return (
                  <td key={key} className="p-0 text-right">
                    {count === 0 && !isOn ? (
                      <span className="px-1 text-faint">
                        <span aria-hidden="true">·</span>
                        <span className="sr-only">none</span>
                      </span>
                    ) : (
                      <button
                        type="button"
                        aria-pressed={isOn}
                        aria-label={`${phasePhrases[phase]} ${text}: ${count}`}
                        onClick={() => props.onFilter(isOn ? null : { phase, column: key })}
                        className={classNames(
                          'tabular h-6 min-w-8 rounded px-1 text-right text-base hover:bg-hover',
                          isOn && 'bg-pressed ring-1 ring-accent',
                        )}
                      >
                        {showCount(count)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function markOf(state: keyof typeof stateMarks) {
  const { shape, tone } = stateMarks[state];
  return { shape, tone };
}
