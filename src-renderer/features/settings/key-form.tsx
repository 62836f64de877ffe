import { type FormEvent, useState } from 'react';
import { type ProviderSettings, providerKeySchema } from '../../../src-shared/domain/provider-settings.ts';
import { keyPlacePhrases } from '../../../src-shared/phrases.ts';
import { removeKey, setKey, testKey } from '../../stores/settings-store.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Tip } from '../../ui/tip.tsx';
import { useAction } from './use-action.ts';

type Key = NonNullable<ProviderSettings['key']>;

/** A key goes in, is tried and can be taken out; what is stored is never shown. */
export function KeyForm(props: { provider: ProviderSettings; keyFacts: Key; keysGoTo: 'keychain' | 'file' }) {
  const { provider, keyFacts, keysGoTo } = props;
  const [text, setText] = useState('');
  const [removing, setRemoving] = useState(false);
  const { busy, fault, setFault, run } = useAction();
  if (provider.keyPlace === 'environment') {
    return <TestRow busy={busy} fault={fault} onTest={() => void run('test', () => testKey(provider.id))} />;
  }
  const hasKey = provider.keyPlace !== null;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const key = providerKeySchema.safeParse(text);
    if (!key.success) return setFault(sentenceOf(key.error.issues[0]?.message ?? 'this is no key'));
    if (!(await run('save', () => setKey(provider.id, key.data)))) return;
    setText('');
    await run('test', () => testKey(provider.id));
  };
  return (
    <form onSubmit={(event) => void save(event)} className="space-y-3">
      <Labelled text={hasKey ? 'Another key in its place' : 'Key'}>
        {(id) => (
          <div className="flex gap-2">
            <TextField
              id={id}
              type="password"
              autoComplete="new-password"
              className="min-w-0 flex-1 font-mono"
              placeholder={keyFacts.hint}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Tip text="Stores the key and tries it on a free call" keys="Enter">
              <Button tone="primary" type="submit" disabled={busy !== null || text === ''}>
                {busy === 'save' ? 'Saving…' : 'Save and test'}
              </Button>
            </Tip>
          </div>
        )}
      </Labelled>
      <p className="text-selectable text-xs text-dim">
        Get it at {keyFacts.getItAt}. {keyPlacePhrases[keysGoTo]} It is never shown again. In a terminal:{' '}
        <code className="font-mono">{keyFacts.variable}</code>.
      </p>
      {hasKey && !removing ? (
        <TestRow busy={busy} fault={fault} onTest={() => void run('test', () => testKey(provider.id))}>
          <Button tone="quiet" disabled={busy !== null} onClick={() => setRemoving(true)}>
            Remove key…
          </Button>
        </TestRow>
      ) : null}
      {removing ? (
        <div role="alertdialog" aria-label="Remove the key" className="flex items-center gap-2 text-sm">
          <span className="flex-1">Remove the key? It cannot be read back from here.</span>
          <Button autoFocus onClick={() => setRemoving(false)}>
            Keep it
          </Button>
          <Button
            tone="bad"
            disabled={busy !== null}
            onClick={() => void run('remove', () => removeKey(provider.id)).then(() => setRemoving(false))}
          >
            Remove
          </Button>
        </div>
      ) : null}
      {!hasKey ? <Fault text={fault} /> : null}
    </form>
  );
}

/** What a schema says of a value, as a sentence. */
function sentenceOf(said: string): string {
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

function TestRow(props: { busy: string | null; fault: string | null; onTest: () => void; children?: React.ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <Tip text="A call that costs nothing">
        <Button busy={props.busy !== null} onClick={props.onTest}>
          {props.busy === 'test' ? 'Trying the key…' : 'Test key'}
        </Button>
      </Tip>
      {props.children}
      <Fault text={props.fault} />
    </div>
  );
}

/** Why the last step was refused. */
export function Fault({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className="text-selectable min-w-0 flex-1 text-sm text-bad">
      ▲ {text}
    </p>
  );
}
