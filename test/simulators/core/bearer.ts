import type { ProviderName } from './job.ts';
import type { Mount } from './mount.ts';
import { isSimulatorKey, keyOf } from './sim-key.ts';
import type { Refuse } from './voice.ts';

/** A provider that lets in who carries `Authorization: Bearer sim-…`. */
export function bearerMount(provider: ProviderName, refuse: Refuse, handle: Mount['handle']): Mount {
  return {
    ...{ prefix: provider, provider, handle },
    isLetIn: ({ headers }) => isSimulatorKey(keyOf(headers.authorization, 'Bearer')),
    refused: () => refuse({ kind: 'unauthorized' }),
  };
}
