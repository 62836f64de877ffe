/**
 * What stands behind "Bearer". A key of today is sent as it is; an older one is two words, access key and secret, entered
 * as "access:secret", of which the second signs a token that lasts half an hour.
 */
import { createHmac } from 'node:crypto';

const lastsSeconds = 1800;
/** the provider's clock may be a little behind ours */
const validSinceSeconds = 5;

/** The credential for one call; made anew each time, so that it never runs out under a job. */
export function bearerOf(key: string, now: Date): string {
  const [access, secret, more] = key.split(':');
  if (!access || !secret || more !== undefined) return key;
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iss: access, exp: seconds + lastsSeconds, nbf: seconds - validSinceSeconds };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
