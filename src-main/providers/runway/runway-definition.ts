import { z } from 'zod';
import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { createRunwayProvider, runwayApi } from './runway-provider.ts';

const organizationSchema = z.object({ creditBalance: z.number().optional() });

/** Runway's developer API. */
export const runwayDefinition: ProviderDefinition = {
  id: 'runway',
  title: runwayApi.title,
  key: { hint: 'An API secret (key_…)', getItAt: 'https://dev.runwayml.com' },
  baseUrls: { api: 'https://api.dev.runwayml.com' },
  addressIsUsers: false,
  build: createRunwayProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: runwayApi, key: tools.key(), signal },
      async ask(client) {
        const url = urlOf(tools.baseUrl('api'), 'v1/organization');
        const call = { purpose: 'test-key', method: 'GET', url } as const;
        const { creditBalance } = await client.json(call, organizationSchema, signal);
        return creditBalance === undefined ? 'Runway knows this key.' : `${creditBalance} credits are left.`;
      },
    }),
};
