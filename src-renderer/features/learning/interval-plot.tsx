import { classNames } from '../../ui/class-names.ts';

export interface Tick {
  /** 0…1 */
  at: number;
  text: string;
}

export const percentTicks: readonly Tick[] = [
  { at: 0, text: '0' },
  { at: 0.25, text: '' },
  { at: 0.5, text: '50' },
  { at: 0.75, text: '' },
  { at: 1, text: '100 %' },
];

const percent = (value: number) => `${(value * 100).toFixed(2)}%`;

/**
 * A figure and the range it may lie in: a point, and a bar with caps. Positions are shares of the width, so that it is as
 * sharp at every size; the point is hollow where there are too few cases to speak of.
 */
export function IntervalPlot(props: {
  label: string;
  point: number | null;
  low: number | null;
  high: number | null;
  ticks: readonly Tick[];
  faint?: boolean;
}) {
  const { point, low, high, faint } = props;
  return (
    <svg role="img" aria-label={props.label} className="block h-4 w-full overflow-visible">
      {props.ticks.map(({ at }) => (
        <line key={at} x1={percent(at)} x2={percent(at)} y1="-2" y2="18" className="stroke-line" />
      ))}
      {point === null || low === null || high === null ? null : (
        <g className={faint ? 'text-dim' : 'text-accent'} stroke="currentColor" strokeWidth="1.5">
          <line x1={percent(low)} x2={percent(high)} y1="8" y2="8" />
          <line x1={percent(low)} x2={percent(low)} y1="4" y2="12" />
          <line x1={percent(high)} x2={percent(high)} y1="4" y2="12" />
          <circle cx={percent(point)} cy="8" r="3.5" className={faint ? 'fill-panel' : 'fill-accent'} />
        </g>
      )}
    </svg>
  );
}

/** The scale above a column of plots. */
export function PlotScale({ ticks, className }: { ticks: readonly Tick[]; className?: string }) {
  return (
    <span aria-hidden="true" className={classNames('relative block h-4 w-full', className)}>
      {ticks.map(({ at, text }) => (
        <span
          key={at}
          style={{ left: percent(at) }}
          className={classNames(
            'tabular absolute text-2xs font-normal whitespace-nowrap text-faint',
            at === 0 ? '' : at === 1 ? '-translate-x-full' : '-translate-x-1/2',
          )}
        >
          {text}
        </span>
      ))}
    </span>
  );
}
