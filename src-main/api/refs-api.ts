import { api } from './implementer.ts';

export const refsApi = {
  list: api.refs.list.handler(({ context, input }) => context.studio.project(input.projectId).refs.list()),
  inspect: api.refs.inspect.handler(({ context, input }) =>
    context.studio.project(input.projectId).refs.inspect(input.slot, input.uploadId),
  ),
  promote: api.refs.promote.handler(({ context, input }) =>
    context.studio.project(input.projectId).refs.promote(input.slot, input.uploadId),
  ),
  undo: api.refs.undo.handler(({ context, input }) => context.studio.project(input.projectId).refs.undo(input.slot)),
};
