import { api } from './implementer.ts';

export const settingsApi = {
  providers: api.settings.providers.handler(({ context }) => context.studio.settings.providers()),
  setKey: api.settings.setKey.handler(({ context, input }) => context.studio.settings.setKey(input)),
  removeKey: api.settings.removeKey.handler(({ context, input }) => context.studio.settings.removeKey(input.provider)),
  testKey: api.settings.testKey.handler(({ context, input, signal }) =>
    context.studio.settings.testKey(input.provider, signal),
  ),
  setAddress: api.settings.setAddress.handler(({ context, input }) => context.studio.settings.setAddress(input)),
};
