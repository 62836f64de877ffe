import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type PriceEntry, priceOf, priceTableSchema } from '../../../src-shared/domain/price.ts';
import { type ProviderName, providerNames } from '../../simulators/core/job.ts';
import { readPriceList } from '../../simulators/core/price-list.ts';
import { clipOf, stillOf } from '../../simulators/core/wishes.ts';
import { falEndpointIds } from '../../simulators/fal/fal-endpoints.ts';

const url = new URL('../../../resources/prices.v1.json', import.meta.url);
const table = priceTableSchema.parse(JSON.parse(readFileSync(url, 'utf8')));
const list = readPriceList();
const size = { width: 1280, height: 720 };
const isSimulated = ({ provider }: PriceEntry) => (providerNames as readonly string[]).includes(provider);

describe('what the simulator charges', () => {
  test.each(table.entries.filter(isSimulated).map((entry) => [`${entry.provider} ${entry.endpoint}`, entry] as const))(
    'for %s is what the app expects to pay',
    (_name, { provider, endpoint, when, unit }) => {
      const seconds = unit === 'second' ? 7 : null;
      const output = {
        ...{ kind: seconds === null ? ('still' as const) : ('clip' as const), ...size, audio: false },
        ...{ durationSeconds: seconds, frameRate: { num: 24, den: 1 } },
      };
      const media = seconds === null ? stillOf(size) : clipOf(size, seconds, false);
      const { unitMicroUsd, units } = list.charge(provider as ProviderName, endpoint, when, media);
      expect(Math.ceil(unitMicroUsd * units)).toBe(priceOf(table, { provider, endpoint, params: when, output }));
    },
  );

  test('depends on the parameters that the list names', () => {
    const priceWith = (generate_audio: boolean) =>
      list.charge('fal', 'fal-ai/veo3.1/image-to-video', { generate_audio, resolution: '720p' }, clipOf(size, 4, true));
    expect(priceWith(true).unitMicroUsd).toBeGreaterThan(priceWith(false).unitMicroUsd);
  });

  test('is never nothing for want of a price, except on one’s own machine', () => {
    expect(list.charge('fal', 'fal-ai/unheard-of', {}, stillOf(size)).unitMicroUsd).toBeGreaterThan(0);
    expect(list.charge('comfyui', 'comfyui/unheard-of', {}, stillOf(size)).unitMicroUsd).toBe(0);
  });

  test('covers every endpoint of fal that the app has a price for', () => {
    const priced = table.entries.filter(({ provider }) => provider === 'fal').map(({ endpoint }) => endpoint);
    expect(priced.filter((endpoint) => !falEndpointIds.includes(endpoint))).toEqual([]);
  });
});
