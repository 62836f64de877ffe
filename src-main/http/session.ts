// Who may talk to this process: whoever holds the session token of this launch. A browser gets it for a one-time code
// that only the terminal shows; Electron puts it into its own session. Cookies do not know ports, so the cookie's name
// carries it: two Studios on one machine do not end each other's session.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Session {
  /** 256 random bits; the value of the cookie */
  readonly token: string;
  cookieName(port: number): string;
  /** The Set-Cookie header that signs a browser in. */
  setCookieHeader(port: number): string;
  isToken(value: string | undefined): boolean;
  /** A new code for one entry. */
  issueCode(): string;
  /** True once for each issued code. */
  redeem(code: string): boolean;
}

const openCodesLimit = 8;
const cookieDays = 30;

/** A session with a fresh token and no codes. */
export function createSession(): Session {
  const token = randomBytes(32).toString('base64url');
  const openCodes = new Set<string>();
  const cookieName = (port: number) => `circletake_session_${port}`;
  return {
    token,
    cookieName,
    setCookieHeader: (port) =>
      `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieDays * 86_400}`,
    isToken: (value) => value !== undefined && equalInConstantTime(value, token),
    issueCode() {
      const code = randomBytes(32).toString('base64url');
      openCodes.add(code);
      for (const oldest of openCodes) {
        if (openCodes.size <= openCodesLimit) break;
        openCodes.delete(oldest);
      }
      return code;
    },
    redeem(code) {
      for (const open of openCodes) {
        if (equalInConstantTime(code, open)) return openCodes.delete(open);
      }
      return false;
    },
  };
}

function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
