import { api } from './implementer.ts';

export const systemApi = {
  info: api.system.info.handler(({ context }) => context.studio.system.info()),
};
