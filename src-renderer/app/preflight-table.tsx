import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { EstimateLine } from '../../src-shared/domain/batch.ts';
import { remainingMicroUsd, type Spend } from '../../src-shared/domain/batch.ts';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import { formatUsd } from '../../src-shared/domain/money.ts';
import { phasePhrases } from '../../src-shared/phrases.ts';
import { showCount } from '../ui/count-text.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Mark } from '../ui/state-mark.tsx';
import { TroublePanel } from '../ui/trouble-panel.tsx';
import { beyondCap, countWithin, type Preflight, type PreflightLoad } from './use-preflight.ts';

const columns = 'grid grid-cols-[72px_80px_200px_minmax(0,1fr)_80px] items-start gap-x-3 px-4';
// Of a row of one line, its border included: a row that is another height places every row after it anew.
const rowHeight = 29;

/** Price of every shot and phase in the order of the plan, and why a line would be refused. */
export function PreflightTable(props: {
  load: PreflightLoad;
  /** the request is not whole: what is shown is of the one before */
  isHeld: boolean;
  /** what the batch and the project leave for it */
  capMicroUsd: number;
}) {
  const { load, isHeld, capMicroUsd } = props;
  const [shown, setShown] = useState<'all' | 'refused'>('all');
  const preflight = load.kind === 'pricing' ? load.preflight : null;
  const beyond = useMemo(() => beyondCap(preflight?.lines ?? [], capMicroUsd), [preflight, capMicroUsd]);
  if (load.kind === 'refused') {
    return (
      <div className={place}>
        <TroublePanel {...load.trouble} />
      </div>
    );
  }
  if (load.kind === 'waiting') {
    return (
      <p role="status" className={`${place} p-4 text-sm text-dim`}>
        {isHeld ? held : 'Pricing every shot…'}
      </p>
    );
  }
  const { lines, refused, done } = load.preflight;
  if (done && !isHeld && lines.length === 0) {
    return <p className={`${place} p-4 text-sm text-dim`}>Nothing is left to run in this scope.</p>;
  }
  return (
    <section aria-label="Preflight" className={place}>
      <header className="flex h-9 items-center gap-3 px-4">
        <h3 className="text-sm font-semibold">Preflight</h3>
        <span role="status" className="tabular flex-1 text-xs text-dim">
          {isHeld ? held : done ? countLines(lines.length) : `Pricing every shot… ${showCount(lines.length)}`}
        </span>
        <Segmented
          label="Lines shown"
          value={shown}
          onChange={setShown}
          options={[
            { value: 'all', text: 'All' },
            { value: 'refused', text: `Refused (${showCount(refused.length)})` },
          ]}
        />
      </header>
      <div className={`${columns} border-t bg-floor py-1 text-xs text-dim`}>
        <span>Shot</span>
        <span>Phase</span>
        <span>Engine</span>
        <span>Standing</span>
        <span className="text-right">Price</span>
      </div>
      <div className={isHeld ? 'opacity-40' : ''}>
        <Lines lines={shown === 'all' ? lines : refused} beyond={beyond} />
      </div>
    </section>
  );
}

// As high whatever it says, so that nothing under it moves while a number is typed.
const place = 'min-h-[calc(max(30vh,160px)+62px)] border-t';
const held = 'Prices follow as soon as the request is whole.';

function countLines(count: number): string {
  return count === 1 ? '1 line' : `${showCount(count)} lines`;
}

function Lines({ lines, beyond }: { lines: readonly EstimateLine[]; beyond: ReadonlySet<EstimateLine> }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  return (
    <section
      ref={scroller}
      aria-label="Lines of the preflight"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
      tabIndex={0}
      className="h-[30vh] min-h-40 overflow-y-auto focus-visible:-outline-offset-2"
    >
      {lines.length === 0 ? <p className="p-4 text-sm text-dim">No line would be refused.</p> : null}
      <ul aria-label="Lines" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          return (
            <li
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              aria-setsize={lines.length}
              aria-posinset={item.index + 1}
              className={`${columns} absolute inset-x-0 top-0 border-t py-1.5 text-sm`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Cells line={line} isBeyond={beyond.has(line)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Cells({ line, isBeyond }: { line: EstimateLine; isBeyond: boolean }) {
  const { refusal, costMicroUsd } = line;
  return (
    <>
      <span className="tabular">{shortShotId(line.shotId)}</span>
      <span className="text-soft">{phasePhrases[line.phase]}</span>
      <span className="text-soft break-words">
        {line.model === '' ? line.provider : `${line.provider} · ${line.model}`}
      </span>
      {refusal === null ? (
        <span className={isBeyond ? 'text-eyes' : 'text-dim'}>{isBeyond ? 'beyond the cap' : 'will run'}</span>
      ) : (
        <span className="text-selectable flex items-start gap-1.5 text-bad">
          <Mark shape="cross" tone="bad" className="mt-0.5" />
          <span>Refused: {refusal}</span>
        </span>
      )}
      <span className="tabular text-right">{costMicroUsd === null ? 'unknown' : formatUsd(costMicroUsd)}</span>
    </>
  );
}

/** Total against the caps, with what would run and what would be refused. */
export function PreflightTotals(props: { preflight: Preflight; capMicroUsd: number; project: Spend }) {
  const { lines, refused, totalMicroUsd } = props.preflight;
  const left = remainingMicroUsd(props.project);
  const cap = Math.min(props.capMicroUsd, left);
  const fits = totalMicroUsd <= cap;
  const runs = lines.filter((line) => line.refusal === null);
  const isGood = fits && runs.length > 0;
  const limit =
    left < props.capMicroUsd ? `${formatUsd(left)} left in the project` : `the cap of ${formatUsd(props.capMicroUsd)}`;
  return (
    <p className="tabular flex items-center gap-2 text-sm">
      <Mark shape={isGood ? 'check' : 'eye'} tone={isGood ? 'good' : 'eyes'} />
      <span>
        <span className="font-semibold">{formatUsd(totalMicroUsd)}</span> <span className="text-dim">of {limit}</span>{' '}
        <span className="text-soft">
          ·{' '}
          {fits
            ? `${showCount(runs.length)} will run`
            : `about ${showCount(countWithin(runs, cap))} of ${showCount(runs.length)} fit, then the line stops`}
          {refused.length > 0 ? ` · ${showCount(refused.length)} refused` : ''}
        </span>
      </span>
    </p>
  );
}
