/**
 * What the simulated providers charge: the app's own price list where it has the endpoint, else a figure of the same order,
 * so that no submit is ever free by accident. The rule for reading the list is written again here on purpose.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { MediaWish, ProviderName } from './job.ts';

const listSchema = z.object({
  entries: z.array(
    z.object({
      provider: z.string(),
      endpoint: z.string(),
      unit: z.enum(['take', 'second']),
      microUsd: z.number().int().nonnegative(),
      when: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/** From the sources and from the built app alike. */
const places = ['../../../resources/prices.v1.json', '../../../../../resources/prices.v1.json'];
const unlisted = { still: 40_000, clip: 100_000 };
const free = 'comfyui';

export interface Charge {
  /** the price of one unit, and how many there are */
  unitMicroUsd: number;
  units: number;
  unit: 'image' | 'second';
}

export type PriceList = ReturnType<typeof readPriceList>;

/** Reads the list; `path` stands in for the app's own. */
export function readPriceList(path: string | null = findList()) {
  const { entries } = listSchema.parse(path === null ? { entries: [] } : JSON.parse(readFileSync(path, 'utf8')));
  return {
    /** Prices a request; `parameters` is its body with the defaults filled in. */
    charge(provider: ProviderName, endpoint: string, parameters: Record<string, unknown>, media: MediaWish): Charge {
      const entry = entries.find(
        (candidate) =>
          candidate.provider === provider &&
          candidate.endpoint === endpoint &&
          Object.entries(candidate.when).every(([name, value]) => sameValue(parameters[name], value)),
      );
      const perSecond = entry ? entry.unit === 'second' : media.kind === 'clip';
      return {
        unitMicroUsd: entry?.microUsd ?? (provider === free ? 0 : unlisted[media.kind]),
        units: (perSecond ? (media.durationSeconds ?? 1) : 1) * media.count,
        unit: perSecond ? 'second' : 'image',
      };
    },
    /** The first price of an endpoint, as a price page shows it; null when it has none. */
    listed: (provider: ProviderName, endpoint: string) =>
      entries.find((entry) => entry.provider === provider && entry.endpoint === endpoint) ?? null,
  };
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function findList(): string | null {
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  return found ? fileURLToPath(found) : null;
}
