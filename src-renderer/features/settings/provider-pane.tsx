import type { ProviderSettings } from '../../../src-shared/domain/provider-settings.ts';
import { Facts } from '../../ui/field-list.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { dayAndTime } from '../../ui/time-text.ts';
import { AddressForm } from './address-form.tsx';
import { KeyForm } from './key-form.tsx';
import { keyPlaceSentence, stateOf } from './provider-state.ts';

/** One provider: how it stands, its key, its address. */
export function ProviderPane({ provider, keysGoTo }: { provider: ProviderSettings; keysGoTo: 'keychain' | 'file' }) {
  const { shape, tone, short, sentence } = stateOf(provider);
  const place = keyPlaceSentence(provider);
  return (
    <div className="space-y-4">
      <header>
        <h3 className="text-lg font-semibold">{provider.title}</h3>
        <p role="status" aria-label={`State of ${provider.title}`} className="mt-1 flex items-start gap-2 text-sm">
          <Mark shape={shape} tone={tone} className="mt-0.5" />
          <span>
            <span className="font-medium">{short}.</span> <span className="text-selectable text-soft">{sentence}</span>
          </span>
        </p>
      </header>
      <Facts
        rows={[
          ...(provider.key === null ? [] : [['Key', place ?? 'none'] as const]),
          ...(provider.lastTest === null ? [] : [['Last test', dayAndTime(provider.lastTest.at)] as const]),
          ...(provider.address === null ? [] : [['Address', <Address key="a" text={provider.address} />] as const]),
        ]}
      />
      {provider.key === null ? null : <KeyForm provider={provider} keyFacts={provider.key} keysGoTo={keysGoTo} />}
      {provider.addressIsUsers ? <AddressForm provider={provider} /> : null}
    </div>
  );
}

function Address({ text }: { text: string }) {
  return <span className="font-mono text-xs break-all">{text}</span>;
}
