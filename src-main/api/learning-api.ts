import { api } from './implementer.ts';

export const learningApi = {
  report: api.learning.report.handler(({ context, input }) =>
    context.studio.project(input.projectId).learning.report(),
  ),
  shared: api.learning.shared.handler(({ context, input }) =>
    context.studio.project(input.projectId).learning.shared(),
  ),
  share: api.learning.share.handler(({ context, input }) => context.studio.project(input.projectId).learning.share()),
};
