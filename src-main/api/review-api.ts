import { api } from './implementer.ts';

export const reviewApi = {
  approve: api.review.approve.handler(({ context, input: { projectId, ...decision } }) =>
    context.studio.project(projectId).review.approve(decision),
  ),
  reject: api.review.reject.handler(({ context, input: { projectId, ...decision } }) =>
    context.studio.project(projectId).review.reject(decision),
  ),
  reroute: api.review.reroute.handler(({ context, input: { projectId, ...decision } }) =>
    context.studio.project(projectId).review.reroute(decision),
  ),
  workflowChoices: api.review.workflowChoices.handler(({ context, input: { projectId, ...work } }) =>
    context.studio.project(projectId).review.workflowChoices(work),
  ),
  override: api.review.override.handler(({ context, input: { projectId, ...decision } }) =>
    context.studio.project(projectId).review.override(decision),
  ),
  undo: api.review.undo.handler(({ context, input }) =>
    context.studio.project(input.projectId).review.undo(input.reviewId),
  ),
  history: api.review.history.handler(({ context, input }) =>
    context.studio.project(input.projectId).review.history(input.shotId),
  ),
};
