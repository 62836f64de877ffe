/**
 * What every provider folder exports: how it is named in Settings, whether it needs a key, how its adapter is built and how
 * a key is tried out without spending. The adapter asks for its key at each call, so that a new one counts at once.
 */
import type { PriceTable } from '../../src-shared/domain/price.ts';
import type { ProviderAdapter } from '../orchestrator/ports/provider.ts';
import type { UploadLedger } from '../orchestrator/ports/upload-ledger.ts';

/** What an adapter works with. */
export interface ProviderTools {
  /** the key as it is stored now; null without one. Never logged, never part of an error or a record. */
  key: () => string | null;
  /** where the provider is: its own address, the simulator's, or that of a machine of the user's */
  baseUrl: (part: string) => string;
  prices: PriceTable;
  uploads: UploadLedger;
  /** absolute path of a recorded relative one */
  resolvePath: (relativePath: string) => string;
  /** folder of this provider in the project, for answers that only come once; made when missing */
  jobsFolder: string;
  now: () => Date;
  /** told each error before it becomes a sentence for people: for the log */
  onTrouble?: (error: unknown) => void;
}

/** What trying out a key said. */
export type KeyTest = { kind: 'accepted'; detail: string } | { kind: 'refused' | 'unreachable'; reason: string };

export interface ProviderDefinition {
  /** its name in requests, prices and settings */
  readonly id: string;
  readonly title: string;
  /** null = needs none */
  readonly key: { hint: string; getItAt: string } | null;
  /** addresses by part; most have one, `api` */
  readonly baseUrls: Readonly<Record<string, string>>;
  /** the user may set the address: an own machine */
  readonly addressIsUsers: boolean;
  build(tools: ProviderTools): ProviderAdapter;
  /** Tries the key on a free call. */
  testKey(tools: Pick<ProviderTools, 'key' | 'baseUrl'>, signal: AbortSignal): Promise<KeyTest>;
}
