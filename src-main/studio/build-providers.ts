/** The engines of one open project: the embedded one, and an adapter for every other provider that the app knows. */
import type { PriceTable } from '../../src-shared/domain/price.ts';
import { graceOf } from '../orchestrator/attempt/submit-attempt.ts';
import type { ProviderAdapter } from '../orchestrator/ports/provider.ts';
import { systemClock } from '../platform/clock.ts';
import { durableFiles } from '../platform/durable-files.ts';
import type { Logger } from '../platform/logger.ts';
import type { openProject } from '../projects/open-project.ts';
import { allProviders } from '../providers/all-providers.ts';
import { type EmbeddedOptions, EmbeddedProvider } from '../providers/embedded/embedded-provider.ts';
import { rememberUploads } from '../providers/remember-uploads.ts';
import type { SettableProvider } from '../settings/settings.ts';

/** What the user has set for providers, read anew at each call. */
export interface ProviderAccess {
  key(providerId: string): string | null;
  /** an address that replaces the provider's own; null = its own */
  address(providerId: string, part: string): string | null;
  /** why nothing can be asked of it, as a sentence; null when it can */
  whyNotReady(providerId: string): string | null;
  /** a job is asked about at least this often; absent = as each provider wants it */
  longestPollMs?: number;
  /** a list that does not show a job is believed after this at the latest; absent = as each provider wants it */
  longestGraceMs?: number;
}

/** Every engine as Settings and the Start dialog show it: the embedded one, which needs nothing, comes first. */
export const settableProviders: readonly SettableProvider[] = [
  {
    ...{ id: 'embedded', title: 'Embedded', key: null, baseUrls: {}, addressIsUsers: false },
    testKey: async () => ({ kind: 'accepted', detail: 'It is part of Circletake.' }),
  },
  ...allProviders,
];

export interface BuildProvidersOptions {
  paths: Awaited<ReturnType<typeof openProject>>['paths'];
  prices: PriceTable;
  access: ProviderAccess;
  logger: Logger;
  embedded: Omit<EmbeddedOptions, 'jobsFolder' | 'resolvePath' | 'now' | 'onTrouble'>;
}

/** Adapters by name. One whose key is missing is there too: it says so when it is asked for something. */
export function buildProviders(options: BuildProvidersOptions): Map<string, ProviderAdapter> {
  const { paths, prices, access, logger } = options;
  const now = () => systemClock.now();
  const uploads = rememberUploads({
    ...{ path: paths.uploadsFile, files: durableFiles, now },
    onTrouble: (error) => logger.warn('the record of uploads could not be written', { error }),
  });
  const embedded = new EmbeddedProvider({
    ...options.embedded,
    ...{ jobsFolder: paths.embeddedJobsFolder, resolvePath: paths.resolve, now },
    onTrouble: (error) => logger.warn('a job of the embedded engine could not be written for certain', { error }),
  });
  const adapters = allProviders.map((definition) =>
    definition.build({
      ...{ prices, uploads, now, resolvePath: paths.resolve, jobsFolder: paths.providerJobsFolder(definition.id) },
      key: () => access.key(definition.id),
      onTrouble: (error) => logger.warn('a provider could not be asked', { provider: definition.id, error }),
      baseUrl(part) {
        const url = access.address(definition.id, part) ?? definition.baseUrls[part];
        if (url === undefined) throw new Error(`${definition.id} has no address for ${part}`);
        return url;
      },
    }),
  );
  const { longestPollMs = Number.POSITIVE_INFINITY, longestGraceMs = Number.POSITIVE_INFINITY } = access;
  for (const adapter of adapters) pollAtLeastEvery(adapter, longestPollMs);
  const all = [embedded, ...adapters.map((adapter) => believeListAfter(adapter, longestGraceMs))];
  return new Map(all.map((adapter) => [adapter.name, adapter]));
}

/** Shortens the waits that an adapter asks for. */
export function pollAtLeastEvery(adapter: ProviderAdapter, longestMs: number): void {
  const poll = adapter.poll.bind(adapter);
  adapter.poll = async (job, signal) => {
    const answer = await poll(job, signal);
    if (answer.kind !== 'pending') return answer;
    return { ...answer, pollAgainMs: Math.min(answer.pollAgainMs, longestMs) };
  };
}

/** Shortens the time for which a submit that an engine does not list is asked about. */
export function believeListAfter(adapter: ProviderAdapter, longestMs: number): ProviderAdapter {
  const reconcileGraceMs = Math.min(graceOf(adapter), longestMs);
  return { ...adapter, capabilities: { ...adapter.capabilities, reconcileGraceMs } };
}
