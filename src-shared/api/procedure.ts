import { oc } from '@orpc/contract';
import { contractErrors } from './errors.ts';

/** The base of every procedure: it declares the closed list of errors. */
export const procedure = oc.errors(contractErrors);
