import { api } from './implementer.ts';

export const handoffApi = {
  exportEpisode: api.handoff.exportEpisode.handler(({ context, input, signal }) =>
    context.studio.project(input.projectId).handoff.exportEpisode(input.episodeId, signal),
  ),
};
