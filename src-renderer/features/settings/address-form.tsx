import { type FormEvent, useState } from 'react';
import { type ProviderSettings, providerAddressSchema } from '../../../src-shared/domain/provider-settings.ts';
import { setAddress, testKey } from '../../stores/settings-store.ts';
import { Button } from '../../ui/button.tsx';
import { Labelled } from '../../ui/labelled.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Tip } from '../../ui/tip.tsx';
import { Fault } from './key-form.tsx';
import { useAction } from './use-action.ts';

/** Where an own machine is. */
export function AddressForm({ provider }: { provider: ProviderSettings }) {
  const [text, setText] = useState(provider.address ?? '');
  const { busy, fault, setFault, run } = useAction();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const address = text.trim() === '' ? null : providerAddressSchema.safeParse(text);
    if (address !== null && !address.success) return setFault(`${address.error.issues[0]?.message ?? 'no address'}.`);
    if (!(await run('save', () => setAddress(provider.id, address?.data ?? null)))) return;
    await run('test', () => testKey(provider.id));
  };
  return (
    <form onSubmit={(event) => void save(event)} className="space-y-2">
      <Labelled text="Address of your machine; empty = the usual one">
        {(id) => (
          <div className="flex gap-2">
            <TextField
              id={id}
              inputMode="url"
              className="min-w-0 flex-1 font-mono"
              placeholder="http://127.0.0.1:8188"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Tip text="Keeps the address and asks the machine whether it is there" keys="Enter">
              <Button tone="primary" type="submit" disabled={busy !== null}>
                {busy === null ? 'Save and test' : 'Trying the address…'}
              </Button>
            </Tip>
          </div>
        )}
      </Labelled>
      <Fault text={fault} />
    </form>
  );
}
