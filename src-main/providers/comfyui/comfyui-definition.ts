import { z } from 'zod';
import { readFetchError } from '../http/read-errors.ts';
import type { ProviderDefinition } from '../provider-definition.ts';
import { comfyuiTitle, openMachine } from './comfyui-machine.ts';
import { createComfyuiProvider } from './comfyui-provider.ts';

const statsSchema = z.object({ system: z.object({ comfyui_version: z.string().optional() }).optional() });

/** ComfyUI on a machine of the user's. */
export const comfyuiDefinition: ProviderDefinition = {
  id: 'comfyui',
  title: comfyuiTitle,
  key: null,
  baseUrls: { api: 'http://127.0.0.1:8188' },
  addressIsUsers: true,
  build: createComfyuiProvider,
  /** There is no key: what is tried is the address. */
  async testKey({ baseUrl }, signal) {
    const { client, url } = openMachine({ baseUrl, now: () => new Date() });
    try {
      const call = { purpose: 'test-key', method: 'GET', url: url('system_stats') } as const;
      const { system } = await client.json(call, statsSchema, signal);
      const version = system?.comfyui_version;
      return { kind: 'accepted', detail: version ? `ComfyUI ${version} answers.` : 'ComfyUI answers.' };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'unreachable', reason: readFetchError(error, { title: comfyuiTitle }).message };
    }
  },
};
