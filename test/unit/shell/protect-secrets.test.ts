import { expect, it } from 'vitest';
import type { SafeStorageLike } from '../../../src-main/shell/electron-like.ts';
import { protectWithKeychain } from '../../../src-main/shell/protect-secrets.ts';

const safeStorage = (available: boolean, backend: string): SafeStorageLike => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text) => Buffer.from(text).reverse(),
  decryptString: (sealed) => Buffer.from(sealed).reverse().toString(),
});

it('seals and opens with the keychain of the desktop', () => {
  const protection = protectWithKeychain(safeStorage(true, 'gnome_libsecret'), 'linux');
  const sealed = protection?.protect('a key of mine') ?? '';
  expect(sealed).not.toContain('a key of mine');
  expect(protection?.unprotect(sealed)).toBe('a key of mine');
  expect(protectWithKeychain(safeStorage(true, 'unknown'), 'darwin')).not.toBeNull();
});

it('trusts no keychain that has none behind it', () => {
  expect(protectWithKeychain(safeStorage(false, 'unknown'), 'darwin')).toBeNull();
  expect(protectWithKeychain(safeStorage(true, 'basic_text'), 'linux')).toBeNull();
});
