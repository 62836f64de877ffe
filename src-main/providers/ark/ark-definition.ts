import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { arkListSchema, refineArk } from './ark-answers.ts';
import { arkApi, arkTasksPath, createArkProvider } from './ark-provider.ts';

/** Seedance at its maker's. */
export const arkDefinition: ProviderDefinition = {
  id: 'ark',
  title: arkApi.title,
  key: {
    hint: 'A ModelArk API key',
    getItAt: 'https://console.byteplus.com/ark/region:ark+ap-southeast-1/apiKey',
  },
  baseUrls: { api: 'https://ark.ap-southeast.bytepluses.com' },
  addressIsUsers: false,
  build: createArkProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: arkApi, key: tools.key(), refine: refineArk, signal },
      async ask(client) {
        const query = { page_num: '1', page_size: '1' };
        const url = urlOf(tools.baseUrl('api'), arkTasksPath, query);
        await client.json({ purpose: 'test-key', method: 'GET', url }, arkListSchema, signal);
        return 'Ark knows this key.';
      },
    }),
};
