/**
 * Keys of the simulator are `sim-<anything>` and nothing else, so that a real key is refused here and a simulator's is
 * refused everywhere else.
 */
const simulatorKey = /^sim-[\w-]+$/;

/** The word after the scheme ("Key", "Bearer") of an Authorization header; null without one. */
export function keyOf(authorization: string | undefined, scheme: string): string | null {
  const [given, key] = (authorization ?? '').split(' ');
  return given?.toLowerCase() === scheme.toLowerCase() && key ? key : null;
}

export function isSimulatorKey(key: string | null | undefined): boolean {
  return key !== null && key !== undefined && simulatorKey.test(key);
}
