/** What a host with a keychain offers: text in, text that only this user's keychain can open out. */
export interface SecretProtection {
  protect(text: string): string;
  /** Throws when the keychain does not open it (any more). */
  unprotect(sealed: string): string;
}
