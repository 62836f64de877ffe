import { followJournal } from './follow-journal.ts';
import { api } from './implementer.ts';

export const eventsApi = {
  stream: api.events.stream.handler(({ context, input, signal }) =>
    followJournal(context.studio.project(input.projectId).journal, input.since, signal),
  ),
};
