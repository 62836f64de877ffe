import type { SimulatorRequest } from './reply.ts';
import { isSimulatorKey, keyOf } from './sim-key.ts';

/** Whether a request carries `Authorization: Bearer sim-…`. */
export function hasBearer({ headers }: SimulatorRequest): boolean {
  return isSimulatorKey(keyOf(headers.authorization, 'Bearer'));
}
