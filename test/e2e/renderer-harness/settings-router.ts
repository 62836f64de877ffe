/** Settings in memory: one paid provider, one own machine. Keys that begin with “good” are accepted. */
import { implement } from '@orpc/server';
import { contract } from '../../../src-shared/api/contract.ts';
import type { ProviderSettings } from '../../../src-shared/domain/provider-settings.ts';

const os = implement(contract).settings;
const none = { keyPlace: null, keyTrouble: null, lastTest: null, addressIsUsers: false } as const;

export function settingsRouter() {
  const keys = new Map<string, string>();
  const rows = new Map<string, ProviderSettings>([
    ['fal', { ...none, ...{ id: 'fal', title: 'fal.ai', key: keyOf('FAL'), address: 'https://queue.fal.run' } }],
    ['comfyui', { ...none, ...{ id: 'comfyui', title: 'ComfyUI', key: null, address: 'http://127.0.0.1:8188' } }],
  ]);
  const change = (id: string, part: Partial<ProviderSettings>): ProviderSettings => {
    const row = rows.get(id);
    if (!row) throw new Error(`there is no ${id}`);
    rows.set(id, { ...row, ...part });
    return { ...row, ...part };
  };
  return {
    providers: os.providers.handler(() => ({ providers: [...rows.values()], keysGoTo: 'file' as const })),
    setKey: os.setKey.handler(({ input }) => {
      keys.set(input.provider, input.key);
      return change(input.provider, { keyPlace: 'file', lastTest: null });
    }),
    removeKey: os.removeKey.handler(({ input }) => change(input.provider, { keyPlace: null, lastTest: null })),
    testKey: os.testKey.handler(({ input }) => {
      const kind = keys.get(input.provider)?.startsWith('good') ? ('accepted' as const) : ('refused' as const);
      const lastTest = { kind, detail: `The key is ${kind}.`, at: '2026-11-21T12:00:00.000Z' };
      change(input.provider, { lastTest });
      return lastTest;
    }),
    setAddress: os.setAddress.handler(({ input }) => change(input.provider, { address: input.address })),
  };
}

function keyOf(name: string) {
  return { hint: 'id and secret', getItAt: 'the dashboard', variable: `CIRCLETAKE_KEY_${name}` };
}
