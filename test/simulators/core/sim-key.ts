/**
 * Keys of the simulator are `sim-<anything>` and nothing else, so that a real key is refused here and a simulator's is
 * refused everywhere else.
 */
import type { SimulatorRequest } from './reply.ts';

const simulatorKey = /^sim-[\w-]+$/;

/** The word after the scheme ("Key", "Bearer") of an Authorization header; null without one. */
export function keyOf(authorization: string | undefined, scheme: string): string | null {
  const [given, key] = (authorization ?? '').split(' ');
  return given?.toLowerCase() === scheme.toLowerCase() && key ? key : null;
}

/** Files lie with somebody else than the provider: a key that is sent there is a key that is given away. */
export function isWithoutKey({ headers }: SimulatorRequest): boolean {
  return !headers.authorization && !headers['x-goog-api-key'];
}

export function isSimulatorKey(key: string | null | undefined): boolean {
  return key !== null && key !== undefined && simulatorKey.test(key);
}
