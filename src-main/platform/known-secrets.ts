/**
 * The secrets of this process. Whoever reads a key from where it is kept names it here first; from then on no log line can
 * carry it, however it came into a message. Nothing is ever taken out: a key that was removed is still a secret.
 */
const mask = '[key]';
const shortest = 6;

const remembered = new Set<string>();
let known: readonly string[] = [];

/** From now on the secret is masked in every log line of this process. */
export function rememberSecret(secret: string): void {
  // keys of the environment are named at each use
  if (remembered.has(secret)) return;
  remembered.add(secret);
  known = [...new Set([...known, ...spellingsOf([secret])])].sort(longestFirst);
}

/** The text without any secret that this process knows. */
export function maskKnownSecrets(text: string): string {
  return known.reduce((masked, spelling) => masked.replaceAll(spelling, mask), text);
}

/** Secrets, the halves of "id:secret", and all of them as urls, JSON and base64 write them; longest first. */
export function spellingsOf(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(':')]).filter((part) => part.length >= shortest);
  const spelled = parts.flatMap((part) => [
    part,
    encodeURIComponent(part),
    JSON.stringify(part).slice(1, -1),
    Buffer.from(part).toString('base64').replace(/=+$/, ''),
  ]);
  return [...new Set(spelled)].sort(longestFirst);
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}
