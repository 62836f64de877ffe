import type { ProviderName } from './job.ts';
import type { Reply, SimulatorRequest } from './reply.ts';
import type { World } from './world.ts';

/** One provider's address: everything below its prefix. */
export interface Mount {
  /** the first part of the path, without slashes */
  prefix: string;
  /** null: files of all of them */
  provider: ProviderName | null;
  /** whether a request carries a key of the simulator; absent = nothing is asked */
  isLetIn?: (request: SimulatorRequest) => boolean;
  /** what a request without one is told */
  refused?: () => Reply;
  handle: (world: World, request: SimulatorRequest) => Reply | Promise<Reply>;
}
