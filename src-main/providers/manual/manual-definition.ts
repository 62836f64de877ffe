import type { ProviderDefinition } from '../provider-definition.ts';
import { createManualProvider } from './manual-provider.ts';

/** The director, or anyone they ask: makes the file outside and delivers it here. */
export const manualDefinition: ProviderDefinition = {
  id: 'manual',
  title: 'By hand',
  key: null,
  baseUrls: {},
  addressIsUsers: false,
  build: createManualProvider,
  testKey: async () => ({ kind: 'accepted', detail: 'Needs no key.' }),
};
