/** The typed client of the Studio, derived from the contract. Same origin, so the session cookie goes along by itself. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../src-shared/api/contract.ts';

export type StudioClient = ContractRouterClient<typeof contract>;

/** A client that talks to the Studio behind an origin. */
function createStudioClient(origin: string): StudioClient {
  return createORPCClient(new RPCLink({ url: `${origin}/rpc` }));
}

export const studio: StudioClient = createStudioClient(globalThis.location?.origin ?? 'http://localhost');
