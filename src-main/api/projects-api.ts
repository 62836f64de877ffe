import { sliceSnapshot } from '../../src-shared/api/snapshot-slices.ts';
import { api } from './implementer.ts';
import { whileWanted } from './while-wanted.ts';

export const projectsApi = {
  list: api.projects.list.handler(({ context }) => context.studio.projects.list()),
  open: api.projects.open.handler(({ context, input }) => context.studio.projects.open(input.projectId)),
  close: api.projects.close.handler(({ context, input }) => context.studio.projects.close(input.projectId)),
  create: api.projects.create.handler(({ context, input }) => context.studio.projects.create(input)),
  snapshot: api.projects.snapshot.handler(async ({ context, input, signal }) =>
    whileWanted(sliceSnapshot(await context.studio.project(input.projectId).snapshot(input.episodeId)), signal),
  ),
};
