import { z } from 'zod';
import { procedure } from './procedure.ts';

const doctorCheckSchema = z.strictObject({
  name: z.string(),
  ok: z.boolean(),
  found: z.string(),
  /** what to do when it is not ok */
  hint: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

const systemInfoSchema = z.strictObject({
  version: z.string(),
  checks: z.array(doctorCheckSchema),
  /** bytes that an upload may have */
  maxUploadBytes: z.number().int().positive(),
});
export type SystemInfo = z.infer<typeof systemInfoSchema>;

export const systemContract = {
  info: procedure.output(systemInfoSchema),
};
