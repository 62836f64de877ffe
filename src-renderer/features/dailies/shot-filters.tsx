import { ArrowDownNarrowWide, Search } from 'lucide-react';
import { useRef } from 'react';
import { phases } from '../../../src-shared/domain/phase.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { keyOf } from '../../app/keyboard/commands.ts';
import { type ShotSort, type StandingFilter, useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { showCount } from '../../ui/count-text.ts';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu.tsx';
import { TextField } from '../../ui/text-field.tsx';

const standings: readonly { value: StandingFilter; text: string }[] = [
  { value: 'all', text: 'All shots' },
  { value: 'needs-you', text: 'Needs you' },
  { value: 'at-work', text: 'At work' },
  { value: 'waiting', text: 'Queued' },
  { value: 'halted', text: 'Halted' },
  { value: 'settled', text: 'Settled' },
];

const sorts: readonly { value: ShotSort; text: string }[] = [
  { value: 'story', text: 'Story order' },
  { value: 'needs-you', text: 'Needs you first' },
  { value: 'spend', text: 'Most spent first' },
  { value: 'takes', text: 'Most takes first' },
];

/** Search, filters and order of the shot list. */
export function ShotFiltersBar({ shown, total }: { shown: number; total: number }) {
  const filters = useViewStore((state) => state.filters);
  const set = useViewStore((state) => state.set);
  const search = useRef<HTMLInputElement>(null);
  useCommands({ 'filter.text': () => search.current?.focus() });
  return (
    <div className="shrink-0 space-y-2 border-b bg-panel p-2">
      <div className="relative">
        <Search className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint" aria-hidden="true" />
        <TextField
          ref={search}
          type="search"
          aria-label="Search in prompts"
          placeholder={`Search in prompts  (${keyOf('filter.text')})`}
          className="w-full pl-8"
          value={filters.text}
          onChange={(event) => set({ filters: { ...filters, text: event.target.value } })}
          onKeyDown={(event) =>
            event.key === 'Escape' || event.key === 'Enter' ? event.currentTarget.blur() : undefined
          }
        />
      </div>
      <div className="flex items-center gap-1">
        <FilterMenu />
        <SortMenu />
        <span className="tabular ml-auto shrink-0 text-xs text-dim">
          {shown === total ? `${showCount(total)} shots` : `${showCount(shown)} of ${showCount(total)}`}
        </span>
      </div>
    </div>
  );
}

const trigger = 'h-6 min-w-0 truncate rounded px-1.5 text-xs hover:bg-hover data-[state=open]:bg-hover';

function FilterMenu() {
  const filters = useViewStore((state) => state.filters);
  const set = useViewStore((state) => state.set);
  const standing = standings.find((option) => option.value === filters.standing)?.text ?? '';
  const phase = filters.phase === 'all' ? '' : `, ${phasePhrases[filters.phase]}`;
  const isOn = filters.standing !== 'all' || filters.phase !== 'all';
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label="Filter"
          className={classNames(trigger, isOn ? 'bg-accent/20 text-accent' : 'text-soft')}
        >
          {standing}
          {phase}
        </button>
      }
    >
      <MenuLabel>Where it stands</MenuLabel>
      {standings.map(({ value, text }) => (
        <MenuItem
          key={value}
          checked={filters.standing === value}
          onSelect={() => set({ filters: { ...filters, standing: value } })}
        >
          {text}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuLabel>Phase</MenuLabel>
      {(['all', ...phases] as const).map((value) => (
        <MenuItem
          key={value}
          checked={filters.phase === value}
          onSelect={() => set({ filters: { ...filters, phase: value } })}
        >
          {value === 'all' ? 'Every phase' : phasePhrases[value]}
        </MenuItem>
      ))}
    </Menu>
  );
}

function SortMenu() {
  const sort = useViewStore((state) => state.sort);
  const set = useViewStore((state) => state.set);
  return (
    <Menu
      trigger={
        <button type="button" aria-label="Order" className={classNames(trigger, 'flex items-center gap-1 text-soft')}>
          <ArrowDownNarrowWide className="size-3.5" aria-hidden="true" />
          {sorts.find((option) => option.value === sort)?.text}
        </button>
      }
    >
      {sorts.map(({ value, text }) => (
        <MenuItem key={value} checked={sort === value} onSelect={() => set({ sort: value })}>
          {text}
        </MenuItem>
      ))}
    </Menu>
  );
}
