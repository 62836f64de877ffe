import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { projectIdSchema } from '../domain/ids.ts';
import { journalEventSchema } from '../domain/journal.ts';
import { procedure } from './procedure.ts';

export const eventsContract = {
  /** Replays the journal after `since`, then follows it. */
  stream: procedure
    .input(z.strictObject({ projectId: projectIdSchema, since: z.number().int().nonnegative() }))
    .output(eventIterator(journalEventSchema)),
};
