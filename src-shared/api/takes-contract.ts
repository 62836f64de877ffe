import { z } from 'zod';
import { projectIdSchema, shotIdSchema, takeIdSchema } from '../domain/ids.ts';
import { takeDetailSchema, takeSchema, verifyReportSchema } from '../domain/take.ts';
import { procedure } from './procedure.ts';

const oneTake = z.strictObject({ projectId: projectIdSchema, takeId: takeIdSchema });

export const takesContract = {
  /** The takes of a shot, oldest first, as of journal number `seq`. */
  list: procedure
    .input(z.strictObject({ projectId: projectIdSchema, shotId: shotIdSchema }))
    .output(z.strictObject({ seq: z.number().int().nonnegative(), takes: z.array(takeSchema) })),
  detail: procedure.input(oneTake).output(takeDetailSchema),
  /** Hashes the take and every ref again, now. */
  verify: procedure.input(oneTake).output(verifyReportSchema),
  /** Asks for poster, filmstrip and proxy before others; the take_changed event says when they are there. */
  prepare: procedure.input(oneTake).output(z.strictObject({ requested: z.boolean() })),
};
