import { api } from './implementer.ts';

export const takesApi = {
  list: api.takes.list.handler(({ context, input }) =>
    context.studio.project(input.projectId).takes.list(input.shotId),
  ),
  detail: api.takes.detail.handler(({ context, input }) =>
    context.studio.project(input.projectId).takes.detail(input.takeId),
  ),
  verify: api.takes.verify.handler(({ context, input, signal }) =>
    context.studio.project(input.projectId).takes.verify(input.takeId, signal),
  ),
  prepare: api.takes.prepare.handler(({ context, input }) =>
    context.studio.project(input.projectId).takes.prepare(input.takeId),
  ),
};
