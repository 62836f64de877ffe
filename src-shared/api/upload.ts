import { z } from 'zod';
import { sha256Schema } from '../domain/hash.ts';

/** The answer to a finished upload: hashed while it streamed, kept until it is used or the app closes. */
export const uploadReceiptSchema = z.strictObject({
  uploadId: z.string(),
  fileName: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: sha256Schema,
});
export type UploadReceipt = z.infer<typeof uploadReceiptSchema>;
