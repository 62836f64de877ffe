import { create } from 'zustand';
import type { KeyTest, ProviderList, ProviderSettings } from '../../src-shared/domain/provider-settings.ts';
import { studio } from '../api/client.ts';
import { type Trouble, troubleOf } from '../api/trouble.ts';

export type SettingsLoad =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'ready' }
  | { kind: 'refused'; trouble: Trouble };

interface SettingsState {
  load: SettingsLoad;
  list: ProviderList | null;
  /** the provider that Settings should show when it opens next */
  wanted: string | null;
}

/** Providers and what is set for them; read again whenever Settings or a start dialog opens. Holds no key, ever. */
export const useSettingsStore = create<SettingsState>(() => ({ load: { kind: 'none' }, list: null, wanted: null }));

export async function loadSettings(): Promise<void> {
  useSettingsStore.setState({ load: { kind: 'loading' } });
  try {
    useSettingsStore.setState({ list: await studio.settings.providers(), load: { kind: 'ready' } });
  } catch (error) {
    useSettingsStore.setState({ load: { kind: 'refused', trouble: troubleOf(error) } });
  }
}

/** Stores a key; what was known of the one before is gone. Throws what the Studio refused. */
export async function setKey(provider: string, key: string): Promise<void> {
  put(await studio.settings.setKey({ provider, key }));
}

export async function removeKey(provider: string): Promise<void> {
  put(await studio.settings.removeKey({ provider }));
}

export async function setAddress(provider: string, address: string | null): Promise<void> {
  put(await studio.settings.setAddress({ provider, address }));
}

/** Tries the key that is stored; the answer is kept with the provider. */
export async function testKey(provider: string): Promise<KeyTest> {
  const lastTest = await studio.settings.testKey({ provider });
  const row = useSettingsStore.getState().list?.providers.find(({ id }) => id === provider);
  if (row) put({ ...row, lastTest });
  return lastTest;
}

function put(row: ProviderSettings): void {
  useSettingsStore.setState(({ list }) => ({
    list: list && { ...list, providers: list.providers.map((known) => (known.id === row.id ? row : known)) },
  }));
}
