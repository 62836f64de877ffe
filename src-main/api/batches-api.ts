import { api } from './implementer.ts';
import { whileWanted } from './while-wanted.ts';

export const batchesApi = {
  estimate: api.batches.estimate.handler(({ context, input }) =>
    context.studio.project(input.projectId).batches.estimate(input.config),
  ),
  preflight: api.batches.preflight.handler(async ({ context, input, signal }) =>
    whileWanted(await context.studio.project(input.projectId).batches.preflight(input.config), signal),
  ),
  start: api.batches.start.handler(({ context, input }) =>
    context.studio.project(input.projectId).batches.start(input.config),
  ),
  pause: api.batches.pause.handler(({ context, input }) =>
    context.studio.project(input.projectId).batches.pause(input.batchId),
  ),
  resume: api.batches.resume.handler(({ context, input }) =>
    context.studio.project(input.projectId).batches.resume(input.batchId, input.budgetMicroUsd),
  ),
  stop: api.batches.stop.handler(({ context, input }) =>
    context.studio.project(input.projectId).batches.stop(input.batchId),
  ),
  cancelRetry: api.batches.cancelRetry.handler(({ context, input: { projectId, ...work } }) =>
    context.studio.project(projectId).batches.cancelRetry(work),
  ),
  list: api.batches.list.handler(({ context, input }) => context.studio.project(input.projectId).batches.list()),
};
