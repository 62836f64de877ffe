import { z } from 'zod';
import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { createOpenaiProvider, openaiApi, refineOpenai } from './openai-provider.ts';

/** OpenAI's picture models. */
export const openaiDefinition: ProviderDefinition = {
  id: 'openai',
  title: openaiApi.title,
  key: { hint: 'An API key (sk-…)', getItAt: 'https://platform.openai.com/api-keys' },
  baseUrls: { api: 'https://api.openai.com' },
  addressIsUsers: false,
  build: createOpenaiProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: openaiApi, key: tools.key(), refine: refineOpenai, signal },
      async ask(client) {
        const url = urlOf(tools.baseUrl('api'), 'v1/models');
        await client.json({ purpose: 'test-key', method: 'GET', url }, z.object({}), signal);
        return 'OpenAI knows this key.';
      },
    }),
};
