import { type ProviderSettings, whyNotReady } from '../../src-shared/domain/provider-settings.ts';
import { keyTestPhrases } from '../../src-shared/phrases.ts';
import { useSettingsStore } from '../stores/settings-store.ts';
import { Button } from '../ui/button.tsx';
import { Tip } from '../ui/tip.tsx';
import { runCommand } from './keyboard/command-bus.ts';
import { keyOf } from './keyboard/commands.ts';

/** Which engine makes the shots: those that are set up, and why others are not. */
export function ProviderField(props: {
  value: string;
  providers: readonly ProviderSettings[] | null;
  onChange: (provider: string) => void;
}) {
  const { value, providers, onChange } = props;
  const known = providers ?? [];
  return (
    <div className="flex items-center gap-2">
      <select
        aria-label="Engine"
        className="h-7 min-w-0 flex-1 rounded border border-edge bg-well px-2 text-sm text-ink"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {known.some(({ id }) => id === value) ? null : <option value={value}>{value}</option>}
        {known.map((provider) => (
          <option key={provider.id} value={provider.id}>
            {provider.title}
            {note(provider)}
          </option>
        ))}
      </select>
      {known.every((provider) => whyNotReady(provider) === null) ? null : (
        <Tip text="Keys and addresses of engines" keys={keyOf('app.settings')}>
          <Button tone="quiet" onClick={() => openKeys(value)}>
            Keys…
          </Button>
        </Tip>
      )}
    </div>
  );
}

function openKeys(provider: string): void {
  useSettingsStore.setState({ wanted: provider });
  runCommand('app.settings');
}

function note(provider: ProviderSettings): string {
  if (provider.keyTrouble !== null) return ' — key cannot be used';
  if (whyNotReady(provider) !== null) return ' — no key';
  const test = provider.lastTest;
  return test === null || test.kind === 'accepted'
    ? ''
    : ` — ${keyTestPhrases[test.kind].toLowerCase()} at the last test`;
}
