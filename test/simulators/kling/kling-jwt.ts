/** Kling's older keys: a JWT (HS256) that names the access key and is valid for half an hour at most. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { isSimulatorKey } from '../core/sim-key.ts';

const claimsSchema = z.object({ iss: z.string(), exp: z.number(), nbf: z.number() });
const longestSeconds = 1800 + 60;

/** Whether a token is one of a `sim-` access key, signed with that key's secret: `<access key>-secret`. */
export function isSimulatorJwt(token: string | null, nowMs: number): boolean {
  const [head, payload, signature, more] = (token ?? '').split('.');
  if (!head || !payload || !signature || more !== undefined) return false;
  try {
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    const now = nowMs / 1000;
    const inTime = claims.nbf <= now && claims.exp > now && claims.exp <= now + longestSeconds;
    const signed = createHmac('sha256', `${claims.iss}-secret`).update(`${head}.${payload}`).digest('base64url');
    return isSimulatorKey(claims.iss) && inTime && signed === signature;
  } catch {
    return false;
  }
}
