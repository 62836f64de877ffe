import type { Sha256 } from '../../../src-shared/domain/hash.ts';

/** Which files a provider has already, by the hash of their bytes, so that each is sent once. */
export interface UploadLedger {
  /** The url under which it has them; null when it never got them or keeps them no longer. */
  find(provider: string, sha256: Sha256): string | null;
  record(upload: { provider: string; sha256: Sha256; url: string; expiresAt: string | null }): void;
  /** It does not know the url any more. */
  forget(provider: string, sha256: Sha256): void;
}
