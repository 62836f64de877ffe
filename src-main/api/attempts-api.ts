import { api } from './implementer.ts';

export const attemptsApi = {
  ofBatch: api.attempts.ofBatch.handler(({ context, input: { projectId, ...page } }) =>
    context.studio.project(projectId).attempts.ofBatch(page),
  ),
  timeline: api.attempts.timeline.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.timeline(input.attemptId),
  ),
  shotLog: api.attempts.shotLog.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.shotLog(input.shotId, input.limit),
  ),
  explanations: api.attempts.explanations.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.explanations(input.shotIds, input.phases),
  ),
  inDoubt: api.attempts.inDoubt.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.inDoubt(),
  ),
  reconcile: api.attempts.reconcile.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.reconcile(input.attemptId),
  ),
  settleDoubt: api.attempts.settleDoubt.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.settleDoubt(input.attemptId, input.answer),
  ),
  jobsOut: api.attempts.jobsOut.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.jobsOut(input.batchId),
  ),
  callOff: api.attempts.callOff.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.callOff(input.attemptId),
  ),
  deliver: api.attempts.deliver.handler(({ context, input }) =>
    context.studio.project(input.projectId).attempts.deliver(input.attemptId, input.uploadId),
  ),
};
