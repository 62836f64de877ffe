/** Settings of this user, for every project: keys and addresses of providers. Adapters ask here anew at each call. */
import {
  type KeyTest,
  type ProviderList,
  type ProviderSettings,
  whyNotReady,
} from '../../src-shared/domain/provider-settings.ts';
import { AppError } from '../platform/app-error.ts';
import { maskKnownSecrets } from '../platform/known-secrets.ts';
import type { Logger } from '../platform/logger.ts';
import { keyVariableOf } from './given-keys.ts';
import { KeyFile } from './key-file.ts';
import { KeyVault } from './key-vault.ts';
import { NotesFile, type ProviderNotes } from './provider-notes.ts';
import type { SecretProtection } from './secret-protection.ts';

/** As much of a provider's definition as settings need. */
export interface SettableProvider {
  readonly id: string;
  readonly title: string;
  readonly key: { hint: string; getItAt: string } | null;
  readonly baseUrls: Readonly<Record<string, string>>;
  readonly addressIsUsers: boolean;
  testKey(
    tools: { key: () => string | null; baseUrl: (part: string) => string },
    signal: AbortSignal,
  ): Promise<{ kind: 'accepted'; detail: string } | { kind: 'refused' | 'unreachable'; reason: string }>;
}

export interface SettingsOptions {
  dataFolder: string;
  providers: readonly SettableProvider[];
  protection: SecretProtection | null;
  env: Readonly<Record<string, string | undefined>>;
  logger: Logger;
  now: () => Date;
  /** a key or an address has changed: what waited for it may go on */
  onChange: () => void;
}

export interface Settings {
  providers(): Promise<ProviderList>;
  setKey(order: { provider: string; key: string }): Promise<ProviderSettings>;
  removeKey(providerId: string): Promise<ProviderSettings>;
  testKey(providerId: string, signal?: AbortSignal): Promise<KeyTest>;
  setAddress(order: { provider: string; address: string | null }): Promise<ProviderSettings>;
  /** for adapters; from memory */
  key(providerId: string): string | null;
  address(providerId: string, part: string): string | null;
  /** why nothing can be asked of a provider, as a sentence; null when it can, and for one that is not listed */
  whyNotReady(providerId: string): string | null;
}

const testTimeoutMs = 20_000;

/** Reads what is stored; files that cannot be used are told in the list, never thrown here. */
export async function openSettings(options: SettingsOptions): Promise<Settings> {
  const { dataFolder, protection, env, logger, providers } = options;
  const vault = new KeyVault({ file: new KeyFile(dataFolder, logger), protection, env });
  const notes = new NotesFile(dataFolder);
  const load = async () => {
    await vault.load();
    await notes.load();
  };
  await load();
  const find = (providerId: string) => {
    const found = providers.find(({ id }) => id === providerId);
    if (found) return found;
    throw new AppError({ code: 'provider.unknown', message: `There is no provider ${providerId}.` });
  };
  const describe = (provider: SettableProvider) => describeProvider(provider, vault, notes.notes);
  const withKey = (providerId: string) => {
    const provider = find(providerId);
    if (provider.key !== null) return provider;
    throw new AppError({ code: 'input.invalid', message: `${provider.title} needs no key.` });
  };
  const forgetTest = (providerId: string) =>
    notes.change((before) => {
      const { [providerId]: _, ...key_tests } = before.key_tests;
      return { ...before, key_tests };
    });
  const address = (providerId: string, part: string) => notes.notes.addresses[providerId]?.[part] ?? null;
  return {
    async providers() {
      await load();
      return { providers: providers.map(describe), keysGoTo: vault.keysGoTo };
    },
    async setKey({ provider: id, key }) {
      const provider = withKey(id);
      await vault.set(id, key);
      await forgetTest(id);
      options.onChange();
      return describe(provider);
    },
    async removeKey(id) {
      const provider = withKey(id);
      await vault.remove(id);
      await forgetTest(id);
      options.onChange();
      return describe(provider);
    },
    async testKey(id, signal) {
      const provider = find(id);
      const missing = whyNotReady(describe(provider));
      if (missing !== null) throw new AppError({ code: 'input.invalid', message: missing });
      const test = await tryKey(provider, { key: () => vault.key(id), address, now: options.now, signal });
      await notes.change((before) => ({ ...before, key_tests: { ...before.key_tests, [id]: test } }));
      return test;
    },
    async setAddress({ provider: id, address: given }) {
      const provider = find(id);
      const part = Object.keys(provider.baseUrls)[0];
      if (!provider.addressIsUsers || part === undefined) throw addressIsItsOwn(provider);
      await notes.change((before) => {
        const { [id]: _, ...others } = before.addresses;
        return { ...before, addresses: given === null ? others : { ...others, [id]: { [part]: given } } };
      });
      await forgetTest(id);
      options.onChange();
      return describe(provider);
    },
    key: (id) => vault.key(id),
    address,
    whyNotReady(id) {
      const provider = providers.find((one) => one.id === id);
      return provider ? whyNotReady(describe(provider)) : null;
    },
  };
}

function describeProvider(provider: SettableProvider, vault: KeyVault, notes: ProviderNotes): ProviderSettings {
  const { id, title, key, baseUrls, addressIsUsers } = provider;
  const [part, usual] = Object.entries(baseUrls)[0] ?? [null, null];
  const { place, trouble } = key === null ? { place: null, trouble: null } : vault.standing(id);
  return {
    ...{ id, title, addressIsUsers, keyPlace: place, keyTrouble: trouble },
    key: key === null ? null : { hint: key.hint, getItAt: key.getItAt, variable: keyVariableOf(id) },
    lastTest: notes.key_tests[id] ?? null,
    address: part === null ? null : (notes.addresses[id]?.[part] ?? usual),
  };
}

async function tryKey(
  provider: SettableProvider,
  tools: {
    key: () => string | null;
    address: (providerId: string, part: string) => string | null;
    now: () => Date;
    signal: AbortSignal | undefined;
  },
): Promise<KeyTest> {
  const limit = AbortSignal.timeout(testTimeoutMs);
  const signal = tools.signal ? AbortSignal.any([tools.signal, limit]) : limit;
  const baseUrl = (part: string) => tools.address(provider.id, part) ?? provider.baseUrls[part] ?? '';
  const answer = await provider.testKey({ key: tools.key, baseUrl }, signal).catch((error: unknown) => {
    if (!limit.aborted) throw error;
    return { kind: 'unreachable' as const, reason: `${provider.title} has not answered in ${testTimeoutMs / 1000} s.` };
  });
  const detail = maskKnownSecrets(answer.kind === 'accepted' ? answer.detail : answer.reason);
  return { kind: answer.kind, detail, at: tools.now().toISOString() };
}

function addressIsItsOwn(provider: SettableProvider): AppError {
  return new AppError({
    code: 'input.invalid',
    message: `${provider.title} is where it is: its address is not yours to set.`,
  });
}
