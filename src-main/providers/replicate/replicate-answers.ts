import { z } from 'zod';
import type { AttemptFailure } from '../../../src-shared/domain/attempt.ts';
import type { ProviderHttpError } from '../http/http-errors.ts';
import { failureOf } from '../http/read-errors.ts';

const output = z.union([z.url(), z.array(z.url())]);

export const predictionSchema = z.object({
  id: z.string().min(1),
  model: z.string().optional(),
  status: z.enum(['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted']),
  output: output.nullish().catch(null),
  error: z.unknown(),
  /** an hour after its end nobody gets input or output back */
  data_removed: z.boolean().default(false),
  input: z.object({ prompt: z.unknown(), seed: z.unknown() }).partial().nullish(),
  created_at: z.string().optional(),
  started_at: z.string().nullish(),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const predictionListSchema = z.object({ next: z.url().nullish(), results: z.array(predictionSchema) });
export type PredictionPage = z.infer<typeof predictionListSchema>;

/** A file as Replicate keeps it for predictions. */
export const uploadedSchema = z.object({
  urls: z.object({ get: z.url() }),
  expires_at: z.iso.datetime({ offset: true }).nullish(),
});

/** The first file of a prediction; null when it has none. */
export function outputOf({ output: files }: Prediction): string | null {
  return (Array.isArray(files) ? files[0] : files) ?? null;
}

/** A filter answers as a bad input does; its text tells them apart. */
export function refineReplicate(error: ProviderHttpError): AttemptFailure | null {
  const { status, message } = error;
  if ((status === 400 || status === 422) && isFiltered(message)) {
    return failureOf('content_filter', 'rejected_request', message);
  }
  return null;
}

/** Why a prediction ended without a file. */
export function predictionFailure({ status, error }: Prediction): AttemptFailure {
  if (status === 'canceled') return failureOf('transient', 'cancelled', 'The prediction was cancelled at Replicate.');
  if (status === 'aborted') {
    return failureOf('transient', 'timeout', 'Replicate ended the prediction before it had begun.');
  }
  const said = typeof error === 'string' ? error : error == null ? 'no reason was given' : JSON.stringify(error);
  const message = `Replicate did not make it: ${said}`;
  if (isFiltered(said)) return failureOf('content_filter', 'rejected_request', message);
  return failureOf('transient', 'server', message);
}

function isFiltered(text: string): boolean {
  return /\b(flagged as sensitive|E005|NSFW|safety (filter|checker|system)|content polic\w+|moderation)\b/i.test(text);
}
