import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { klingEnvelopeSchema, refineKling, throwCode } from './kling-answers.ts';
import { klingTasksPath } from './kling-endpoints.ts';
import { createKlingProvider, klingApi } from './kling-provider.ts';

/** Kling without anybody between. */
export const klingDefinition: ProviderDefinition = {
  id: 'kling',
  title: klingApi.title,
  key: {
    hint: 'An API key, or the older access key and secret as access:secret',
    getItAt: 'https://app.klingai.com/global/dev/api-key',
  },
  baseUrls: { api: 'https://api-singapore.klingai.com' },
  addressIsUsers: false,
  build: createKlingProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: klingApi, key: tools.key(), refine: refineKling, signal },
      async ask(client) {
        const url = urlOf(tools.baseUrl('api'), klingTasksPath, { pageNum: '1', pageSize: '1' });
        const call = { purpose: 'test-key', method: 'GET', url } as const;
        throwCode(await client.json(call, klingEnvelopeSchema, signal), 'test-key');
        return 'Kling knows this key.';
      },
    }),
};
