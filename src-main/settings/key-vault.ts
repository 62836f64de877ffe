/**
 * The keys of this user: from the environment, from the keychain of the desktop, or from the file. A key is named to the log
 * as a secret before anybody gets it. `key` answers from memory; `load` reads again what another process may have changed.
 */
import type { KeyPlace } from '../../src-shared/domain/provider-settings.ts';
import { AppError } from '../platform/app-error.ts';
import { rememberSecret } from '../platform/known-secrets.ts';
import { createSemaphore } from '../platform/semaphore.ts';
import { keyVariableOf } from './given-keys.ts';
import type { KeyEntry, KeyFile } from './key-file.ts';
import type { SecretProtection } from './secret-protection.ts';

export interface KeyStanding {
  place: KeyPlace | null;
  /** why the one that is kept cannot be used; null when it can or there is none */
  trouble: string | null;
}

type HeldKey = { kind: 'usable'; key: string; place: KeyPlace } | { kind: 'locked'; place: KeyPlace; trouble: string };

export interface KeyVaultOptions {
  file: KeyFile;
  /** null = no keychain here */
  protection: SecretProtection | null;
  env: Readonly<Record<string, string | undefined>>;
}

export class KeyVault {
  readonly #options: KeyVaultOptions;
  #held: ReadonlyMap<string, HeldKey> = new Map();
  /** the file itself cannot be used */
  #trouble: AppError | null = null;
  /** one change after the other: of two none is lost */
  readonly #turns = createSemaphore(1);

  constructor(options: KeyVaultOptions) {
    this.#options = options;
  }

  get keysGoTo(): 'keychain' | 'file' {
    return this.#options.protection === null ? 'file' : 'keychain';
  }

  /** Reads the file again. A file that cannot be used leaves every provider without a key and says why in `standing`. */
  load(): Promise<void> {
    return this.#turns.run(() => this.#load());
  }

  key(providerId: string): string | null {
    const given = this.#given(providerId);
    if (given !== null) return given;
    const held = this.#held.get(providerId);
    return held?.kind === 'usable' ? held.key : null;
  }

  standing(providerId: string): KeyStanding {
    if (this.#given(providerId) !== null) return { place: 'environment', trouble: null };
    const held = this.#held.get(providerId);
    if (held) return { place: held.place, trouble: held.kind === 'locked' ? held.trouble : null };
    return { place: null, trouble: this.#trouble?.message ?? null };
  }

  set(providerId: string, key: string): Promise<void> {
    rememberSecret(key);
    return this.#change(providerId, (keys) => ({ ...keys, [providerId]: this.#seal(key) }));
  }

  remove(providerId: string): Promise<void> {
    return this.#change(providerId, ({ [providerId]: _, ...others }) => others);
  }

  #change(providerId: string, change: (keys: Record<string, KeyEntry>) => Record<string, KeyEntry>): Promise<void> {
    if (this.#given(providerId) !== null) throw givenByEnvironment(providerId);
    return this.#turns.run(async () => {
      const { file } = this.#options;
      await file.write(change({ ...(await file.read()) }));
      await this.#load();
    });
  }

  async #load(): Promise<void> {
    this.#trouble = null;
    try {
      const entries = Object.entries(await this.#options.file.read());
      this.#held = new Map(entries.map(([id, entry]) => [id, this.#open(entry)]));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#trouble = error;
      this.#held = new Map();
    }
  }

  #open(entry: KeyEntry): HeldKey {
    if ('key' in entry) {
      rememberSecret(entry.key);
      return { kind: 'usable', key: entry.key, place: 'file' };
    }
    const { protection } = this.#options;
    if (protection === null) return { kind: 'locked', place: 'keychain', trouble: elsewhere };
    try {
      const key = protection.unprotect(entry.sealed);
      rememberSecret(key);
      return { kind: 'usable', key, place: 'keychain' };
    } catch {
      return { kind: 'locked', place: 'keychain', trouble: noLonger };
    }
  }

  #seal(key: string): KeyEntry {
    const { protection } = this.#options;
    return protection === null ? { key } : { sealed: protection.protect(key) };
  }

  #given(providerId: string): string | null {
    const key = this.#options.env[keyVariableOf(providerId)]?.trim();
    if (!key) return null;
    rememberSecret(key);
    return key;
  }
}

const elsewhere =
  'Its key is in the keychain of the desktop app, which cannot be opened from here: add it once more, or give it in the environment.';
const noLonger = 'Its key can no longer be opened by the keychain: add it again in Settings.';

function givenByEnvironment(providerId: string): AppError {
  return new AppError({
    code: 'input.invalid',
    message: `The key is given by ${keyVariableOf(providerId)} and cannot be changed here.`,
    hint: 'Change it where the program is started, or start it without that variable.',
  });
}
