import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useMemo, useRef, useState } from 'react';
import { shortShotId } from '../../src-shared/domain/ids.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import { shotTypePhrases } from '../../src-shared/phrases.ts';
import { TextField } from '../ui/text-field.tsx';
import { parseShotRanges, pickShots, printShotRanges } from './shot-ranges.ts';

const rowHeight = 24;

/** Shots by their numbers and ranges, or ticked in the list; Shift takes a whole run with it. */
export function ShotPicker(props: { shots: readonly Shot[]; text: string; onChange: (text: string) => void }) {
  const { shots, text, onChange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [anchor, setAnchor] = useState<string | null>(null);
  const ids = useMemo(() => shots.map((shot) => shot.id), [shots]);
  const parsed = parseShotRanges(text, ids);
  const picked = new Set(parsed.kind === 'shots' ? parsed.ids : []);
  const list = useVirtualizer({
    count: shots.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const click = (id: string, event: MouseEvent) => {
    const next = pickShots(picked, ids, { id, from: event.shiftKey ? anchor : null });
    setAnchor(id);
    onChange(printShotRanges(next, ids));
  };
  return (
    <div className="flex items-start gap-3">
      <div className="w-64">
        <TextField
          aria-label="Shots by number"
          className="tabular w-full"
          placeholder="1-4, 12, SH020-SH023"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
        <p className="mt-1 text-xs text-dim">
          {parsed.kind === 'fault' ? <span className="text-eyes">▲ {parsed.message}</span> : `${picked.size} shots`}
        </p>
      </div>
      <div ref={scroller} className="h-24 min-w-0 flex-1 overflow-y-auto rounded border bg-well">
        <fieldset aria-label="Shots of the episode" className="relative" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const shot = shots[item.index];
            if (shot === undefined) return null;
            return (
              <label
                key={item.key}
                className="absolute inset-x-0 top-0 flex h-6 items-center gap-2 px-2 text-sm hover:bg-hover"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={picked.has(shot.id)}
                  onChange={() => undefined}
                  onClick={(event) => click(shot.id, event)}
                />
                <span className="tabular w-14 shrink-0">{shortShotId(shot.id)}</span>
                <span className="truncate text-dim">{shotTypePhrases[shot.plan.prompt_data.shot_type]}</span>
              </label>
            );
          })}
        </fieldset>
      </div>
    </div>
  );
}
