import { z } from 'zod';
import { urlOf } from '../http/api-client.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { testKeyWith } from '../test-key.ts';
import { refineGoogle } from './google-errors.ts';
import { createGoogleProvider, googleApi } from './google-provider.ts';

/** The Gemini API: Veo and the picture models. */
export const googleDefinition: ProviderDefinition = {
  id: 'google',
  title: googleApi.title,
  key: { hint: 'A Gemini API key', getItAt: 'https://aistudio.google.com/apikey' },
  baseUrls: { api: 'https://generativelanguage.googleapis.com' },
  addressIsUsers: false,
  build: createGoogleProvider,
  testKey: (tools, signal) =>
    testKeyWith({
      ...{ api: googleApi, key: tools.key(), refine: refineGoogle, signal },
      async ask(client) {
        const url = urlOf(tools.baseUrl('api'), 'v1beta/models', { pageSize: '1' });
        const call = { purpose: 'test-key', method: 'GET', url } as const;
        await client.json(call, z.object({}), signal);
        return 'Google knows this key.';
      },
    }),
};
