import { Tabs } from 'radix-ui';
import { useEffect } from 'react';
import type { Shot } from '../../../src-shared/domain/shot.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { ensureDetail, useDetail } from '../../stores/details-store.ts';
import { useTake } from '../../stores/takes-store.ts';
import { type InspectorTab, useCurrentTakeId, useViewStore } from '../../stores/view-store.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { GatesTab } from './gates-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { RecipeTab } from './recipe-tab.tsx';

const tabs: readonly { value: InspectorTab; text: string; keys: string }[] = [
  { value: 'recipe', text: 'Recipe', keys: 'P' },
  { value: 'gates', text: 'Gates', keys: 'G' },
  { value: 'history', text: 'History', keys: 'H' },
];

/** How the current take was made, what the gates measured, and what was decided. */
export function Inspector({ projectId, shot }: { projectId: string; shot: Shot }) {
  const tab = useViewStore((state) => state.inspector);
  const set = useViewStore((state) => state.set);
  const open = (value: InspectorTab) => () => set({ inspector: value, inspectorOpen: true });
  useCommands({ 'inspect.recipe': open('recipe'), 'inspect.gates': open('gates'), 'inspect.history': open('history') });
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => set({ inspector: value as InspectorTab })}
      className="flex w-[320px] shrink-0 flex-col border-l bg-panel 2xl:w-[400px]"
    >
      <Tabs.List aria-label="Inspector" className="flex h-9 shrink-0 border-b">
        {tabs.map(({ value, text, keys }) => (
          <Tabs.Trigger
            key={value}
            value={value}
            title={`${text} (${keys})`}
            className="relative flex-1 text-sm text-dim hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:text-ink data-[state=active]:after:absolute data-[state=active]:after:inset-x-3 data-[state=active]:after:bottom-0 data-[state=active]:after:h-0.5 data-[state=active]:after:bg-accent"
          >
            {text}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value={tab} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        {tab === 'history' ? (
          <HistoryTab projectId={projectId} shot={shot} />
        ) : (
          <TakeTab projectId={projectId} tab={tab} />
        )}
      </Tabs.Content>
    </Tabs.Root>
  );
}

function TakeTab({ projectId, tab }: { projectId: string; tab: 'recipe' | 'gates' }) {
  const takeId = useCurrentTakeId();
  const take = useTake(takeId);
  const load = useDetail(takeId);
  const isMissing = load === null;
  useEffect(() => {
    if (takeId !== null && isMissing) void ensureDetail(projectId, takeId);
  }, [projectId, takeId, isMissing]);
  if (takeId === null || take === null)
    return <EmptyState headline="No take is chosen" sentence="The recipe of a take appears here." />;
  if (load?.kind === 'refused') return <TroublePanel {...load.trouble} />;
  const detail = load?.detail ?? null;
  if (detail === null) {
    return (
      <p role="status" className="p-4 text-sm text-dim">
        Reading the record…
      </p>
    );
  }
  return tab === 'recipe' ? <RecipeTab projectId={projectId} detail={detail} /> : <GatesTab detail={detail} />;
}
