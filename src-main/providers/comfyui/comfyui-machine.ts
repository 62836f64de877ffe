/** What is asked of one ComfyUI: what waits and runs there, what is over, and to drop or stop a prompt. */
import type { z } from 'zod';
import { type ApiClient, createApiClient, urlOf } from '../http/api-client.ts';
import type { CallPurpose } from '../http/http-errors.ts';
import type { ProviderTools } from '../provider-definition.ts';
import { type ComfyuiEntry, clientIdOf, historySchema, queueSchema } from './comfyui-answers.ts';

export const comfyuiTitle = 'ComfyUI';

export interface ComfyuiMachine {
  client: ApiClient;
  url(path: string, query?: Readonly<Record<string, string>>): string;
  /** what became of a prompt that is over; null while it is not, and after a restart */
  readEntry(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<ComfyuiEntry | null>;
  /** where in the queue a prompt is */
  placeOf(id: string, purpose: CallPurpose, signal: AbortSignal): Promise<'pending' | 'running' | null>;
  /** id of the prompt that was sent with a client id; null when there is none */
  findByClientId(clientId: string, signal: AbortSignal): Promise<string | null>;
}

/** The machine at the user's address. */
export function openMachine({ baseUrl, now }: Pick<ProviderTools, 'baseUrl' | 'now'>): ComfyuiMachine {
  const client = createApiClient({ title: comfyuiTitle, isOwnMachine: true, secrets: () => [], now });
  const url = (path: string, query = {}) => urlOf(baseUrl('api'), path, query);
  const get = <T>(path: string, purpose: CallPurpose, schema: z.ZodType<T>, signal: AbortSignal) =>
    client.json({ purpose, method: 'GET', url: url(path) }, schema, signal);
  return {
    client,
    url,
    async readEntry(id, purpose, signal) {
      return (await get(`history/${encodeURIComponent(id)}`, purpose, historySchema, signal))[id] ?? null;
    },
    async placeOf(id, purpose, signal) {
      const { queue_pending, queue_running } = await get('queue', purpose, queueSchema, signal);
      if (queue_pending.some(([, queued]) => queued === id)) return 'pending';
      return queue_running.some(([, queued]) => queued === id) ? 'running' : null;
    },
    async findByClientId(clientId, signal) {
      const { queue_pending, queue_running } = await get('queue', 'list', queueSchema, signal);
      const history = await get('history', 'list', historySchema, signal);
      const waiting = [...queue_running, ...queue_pending].map((prompt) => ({ id: prompt[1], prompt }));
      const over = Object.entries(history).map(([id, { prompt }]) => ({ id, prompt }));
      return [...waiting, ...over].find(({ prompt }) => clientIdOf(prompt) === clientId)?.id ?? null;
    },
  };
}
