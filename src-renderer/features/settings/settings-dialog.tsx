import { Tabs } from 'radix-ui';
import { type ReactNode, useEffect } from 'react';
import type { ProviderList } from '../../../src-shared/domain/provider-settings.ts';
import { loadSettings, useSettingsStore } from '../../stores/settings-store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark, type MarkShape, type MarkTone } from '../../ui/state-mark.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { LimitsPane } from './limits-pane.tsx';
import { ProviderPane } from './provider-pane.tsx';
import { stateOf } from './provider-state.ts';

/** Keys and addresses of providers, and the limits of the project. `first`: the provider that is shown at the start. */
export function SettingsDialog({ first, onClose }: { first: string | null; onClose: () => void }) {
  const { load, list } = useSettingsStore();
  useEffect(() => {
    void loadSettings();
  }, []);
  return (
    <Dialog open wide onClose={onClose} title="Settings">
      {load.kind === 'refused' ? (
        <TroublePanel {...load.trouble}>
          <Button onClick={() => void loadSettings()}>Try again</Button>
        </TroublePanel>
      ) : list === null ? (
        <p role="status" className="p-8 text-center text-sm text-dim">
          Reading the settings…
        </p>
      ) : (
        <Panes list={list} first={first} />
      )}
    </Dialog>
  );
}

const limits = 'limits of the project';

function Panes({ list, first }: { list: ProviderList; first: string | null }) {
  const { providers, keysGoTo } = list;
  const shown = providers.find(({ id }) => id === first) ?? providers.find(({ key }) => key !== null) ?? providers[0];
  return (
    <Tabs.Root orientation="vertical" defaultValue={shown?.id ?? limits} className="flex h-[min(640px,76vh)]">
      <Tabs.List data-first-focus aria-label="Settings" className="w-60 shrink-0 overflow-y-auto border-r py-2">
        <Heading>Engines</Heading>
        {providers.map((provider) => {
          const { shape, tone, short } = stateOf(provider);
          return (
            <Tab key={provider.id} value={provider.id} name={provider.title} mark={{ shape, tone }} note={short} />
          );
        })}
        <Heading>Project</Heading>
        <Tab value={limits} name="Limits" mark={{ shape: 'dot', tone: 'faint' }} note="caps and autonomy" />
      </Tabs.List>
      {providers.map((provider) => (
        <Pane key={provider.id} value={provider.id}>
          <ProviderPane provider={provider} keysGoTo={keysGoTo} />
        </Pane>
      ))}
      <Pane value={limits}>
        <LimitsPane />
      </Pane>
    </Tabs.Root>
  );
}

function Heading({ children }: { children: ReactNode }) {
  return <p className="px-4 pt-2 pb-1 text-xs font-semibold text-dim">{children}</p>;
}

function Tab(props: { value: string; name: string; note: string; mark: { shape: MarkShape; tone: MarkTone } }) {
  return (
    <Tabs.Trigger
      value={props.value}
      className="flex w-full items-center gap-2 px-4 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2 data-[state=active]:bg-pressed"
    >
      <Mark {...props.mark} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-base">{props.name}</span>
        <span className="block truncate text-xs text-dim">{props.note}</span>
      </span>
    </Tabs.Trigger>
  );
}

function Pane({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Content value={value} tabIndex={-1} className="min-w-0 flex-1 overflow-y-auto p-6 focus:outline-none">
      {children}
    </Tabs.Content>
  );
}
