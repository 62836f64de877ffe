/**
 * Takes keys out of texts. Providers echo what they were sent, and an answer can end in an error, a record or a log; so
 * every answer goes through here at the border, before anybody can read it.
 */
import { spellingsOf } from '../../platform/known-secrets.ts';

const mask = '[key]';

const patterns: readonly [RegExp, string][] = [
  [/((?:proxy-)?authorization["']?\s*[:=]\s*["']?)[^"'\r\n,}]+/gi, `$1${mask}`],
  [/\b((?:bearer|key|token)\s+)[A-Za-z0-9._~+/:=-]{12,}/gi, `$1${mask}`],
  [
    /((?:x-goog-api-key|x-api-key|api[_-]?key|access[_-]?key|secret[_-]?key)["']?\s*[:=]\s*["']?)[^"'\s,}&]+/gi,
    `$1${mask}`,
  ],
  [/([?&](?:key|token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+|googleaccessid|policy)=)[^&\s"'<>]+/gi, `$1${mask}`],
];

/** Every way in which the literal text of the secrets may stand in an answer is replaced. */
export function scrubLiterals(text: string, secrets: readonly string[]): string {
  return spellingsOf(secrets).reduce((scrubbed, spelling) => scrubbed.replaceAll(spelling, mask), text);
}

/** As `scrubLiterals`; also whatever looks like a credential. For texts that people or logs will see. */
export function scrubText(text: string, secrets: readonly string[]): string {
  return patterns.reduce(
    (scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement),
    scrubLiterals(text, secrets),
  );
}
