import { api } from './implementer.ts';

export const rehearsalsApi = {
  start: api.rehearsals.start.handler(({ context, input }) => context.studio.rehearsals.start(input)),
  remove: api.rehearsals.remove.handler(({ context, input }) => context.studio.rehearsals.remove(input.projectId)),
};
