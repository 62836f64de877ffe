import type { ProviderDefinition } from '../provider-definition.ts';
import { ManualProvider } from './manual-provider.ts';

/** The director, or anyone they ask: makes the file outside and delivers it here. */
export const manualDefinition: ProviderDefinition = {
  id: 'manual',
  title: 'By hand',
  key: null,
  baseUrls: {},
  addressIsUsers: false,
  build: (tools) => new ManualProvider(tools),
  testKey: async () => ({ kind: 'accepted', detail: 'Needs no key.' }),
};
