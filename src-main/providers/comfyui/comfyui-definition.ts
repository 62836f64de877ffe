import { z } from 'zod';
import { createApiClient, urlOf } from '../http/api-client.ts';
import { readFetchError } from '../http/read-errors.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { ComfyuiProvider, comfyuiTitle } from './comfyui-provider.ts';

const statsSchema = z.object({ system: z.object({ comfyui_version: z.string().optional() }).optional() });

/** ComfyUI on a machine of the user's. */
export const comfyuiDefinition: ProviderDefinition = {
  id: 'comfyui',
  title: comfyuiTitle,
  key: null,
  baseUrls: { api: 'http://127.0.0.1:8188' },
  addressIsUsers: true,
  build: (tools) => new ComfyuiProvider(tools),
  /** There is no key: what is tried is the address. */
  async testKey({ baseUrl }, signal) {
    const client = createApiClient({ title: comfyuiTitle, secrets: () => [], now: () => new Date() });
    const url = urlOf(baseUrl('api'), 'system_stats');
    try {
      const { system } = await client.json({ purpose: 'test-key', method: 'GET', url }, statsSchema, signal);
      const version = system?.comfyui_version;
      return { kind: 'accepted', detail: version ? `ComfyUI ${version} answers.` : 'ComfyUI answers.' };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'unreachable', reason: readFetchError(error).message };
    }
  },
};
