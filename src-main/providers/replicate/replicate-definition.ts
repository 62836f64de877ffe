import { z } from 'zod';
import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { createReplicateProvider, replicateApi } from './replicate-provider.ts';

const accountSchema = z.object({ username: z.string().optional() });

/** Models that Replicate hosts. */
export const replicateDefinition: ProviderDefinition = {
  id: 'replicate',
  title: replicateApi.title,
  key: { hint: 'An API token (r8_…)', getItAt: 'https://replicate.com/account/api-tokens' },
  baseUrls: { api: 'https://api.replicate.com' },
  addressIsUsers: false,
  build: createReplicateProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: replicateApi, key: tools.key(), signal },
      async ask(client) {
        const url = urlOf(tools.baseUrl('api'), 'v1/account');
        const call = { purpose: 'test-key', method: 'GET', url } as const;
        const { username } = await client.json(call, accountSchema, signal);
        return username ? `The account is ${username}.` : 'Replicate knows this key.';
      },
    }),
};
