import { implement } from '@orpc/server';
import { contract } from '../../src-shared/api/contract.ts';
import type { StudioServices } from './studio-services.ts';

/** What every handler is given beside its parsed input. */
export interface ApiContext {
  studio: StudioServices;
}

/** Handlers are written on this: a procedure of the contract that has none does not compile. */
export const api = implement(contract).$context<ApiContext>();
