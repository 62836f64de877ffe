import { z } from 'zod';
import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { falEndpointIds } from './fal-endpoints.ts';
import { createFalProvider, falApi } from './fal-provider.ts';

/** fal.ai: the queue, the storage for inputs, and the platform's books. */
export const falDefinition: ProviderDefinition = {
  id: 'fal',
  title: falApi.title,
  key: { hint: 'A key of the form id:secret, with the API scope', getItAt: 'https://fal.ai/dashboard/keys' },
  baseUrls: { queue: 'https://queue.fal.run', rest: 'https://rest.fal.ai', api: 'https://api.fal.ai' },
  addressIsUsers: false,
  build: createFalProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: falApi, key: tools.key(), signal },
      async ask(client) {
        // the list that a lost submit is looked for in: a key that may not read it is told so now
        const query = { endpoint_id: falEndpointIds[0] ?? '', limit: '1' };
        const url = urlOf(tools.baseUrl('api'), 'v1/models/requests/by-endpoint', query);
        const call = { purpose: 'test-key', method: 'GET', url } as const;
        await client.json(call, z.object({ items: z.array(z.unknown()) }), signal);
        return 'fal knows this key and lists its requests.';
      },
    }),
};
