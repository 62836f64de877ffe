import type { FaultSubject } from './fault-plan.ts';
import type { JobFailure, MediaWish } from './job.ts';

/** A well-formed submit, before it is a job. */
export interface Submit extends FaultSubject {
  /** as it came */
  input: unknown;
  /** with the provider's defaults: what prices look at */
  parameters: Record<string, unknown>;
  inputs: readonly Uint8Array[];
  externalId?: string | null;
  /** the provider's form of an id; a UUID unless named */
  id?: string;
  media: MediaWish;
  /** what is found wrong with it later: it is taken and not billed */
  flaw?: JobFailure;
  /** whether the provider itself runs a job again that failed with this code; it does so ten times */
  repeats?: (code: string | null) => boolean;
  /** the answer carries the result: there is no job to ask for */
  synchronous?: boolean;
}
