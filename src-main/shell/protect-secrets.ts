import type { SecretProtection } from '../settings/secret-protection.ts';
import type { SafeStorageLike } from './electron-like.ts';

/**
 * The keychain of this user as Electron reaches it; null where there is none. Without a secret service Linux falls back to
 * a password that everybody knows: that protects nothing, and a file that only its owner reads is the honest choice.
 */
export function protectWithKeychain(safeStorage: SafeStorageLike, platform: string): SecretProtection | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null;
  return {
    protect: (text) => safeStorage.encryptString(text).toString('base64'),
    unprotect: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
  };
}
