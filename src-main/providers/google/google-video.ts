/** Veo: what is sent, and how an operation that is over is read. A filtered clip is "done" with HTTP 200. */
import { z } from 'zod';
import type { AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { aspectNameOf } from '../aspect-ratio.ts';
import { failureOf } from '../http/read-errors.ts';
import { inputUrlOf, splitDataUrl } from '../inline-inputs.ts';
import { type VeoParams, veoRatios } from './google-endpoints.ts';

/** The name is a path below the API's address; nothing that could lead elsewhere is taken. */
export const operationNameSchema = z.string().regex(/^(models\/[\w.-]+\/)?operations\/[\w-]+$/);
export const startedSchema = z.object({ name: operationNameSchema }).transform(({ name }) => ({ id: name }));

export const operationSchema = z.object({
  done: z.boolean().default(false),
  error: z.object({ code: z.number().optional(), message: z.string().default('') }).optional(),
  response: z
    .object({
      generateVideoResponse: z.object({
        generatedSamples: z.array(z.object({ video: z.object({ uri: z.url() }) })).default([]),
        raiMediaFilteredCount: z.number().default(0),
        raiMediaFilteredReasons: z.array(z.string()).default([]),
      }),
    })
    .optional(),
});
type Operation = z.infer<typeof operationSchema>;

/** The body of a `:predictLongRunning`. */
export function videoBody(request: GenerationRequest, params: VeoParams, inputs: InputUrls) {
  const { startFrame, output, seed, negativePrompt } = request;
  const image = startFrame && splitDataUrl(inputUrlOf(inputs, startFrame));
  return {
    instances: [
      {
        prompt: request.prompt,
        ...(image ? { image: { bytesBase64Encoded: image.base64, mimeType: image.mimeType } } : {}),
      },
    ],
    parameters: {
      aspectRatio: aspectNameOf(output, veoRatios),
      durationSeconds: output.durationSeconds,
      ...params,
      ...(negativePrompt ? { negativePrompt } : {}),
      ...(seed === null ? {} : { seed }),
    },
  };
}

export type OperationState =
  | { kind: 'running' }
  | { kind: 'made'; uri: string }
  | { kind: 'failed'; failure: AttemptFailure };

/** What an operation says. Google bills clips that it delivers. */
export function readOperation({ done, error, response }: Operation): OperationState {
  if (!done) return { kind: 'running' };
  if (error) return { kind: 'failed', failure: operationFailure(error) };
  const {
    generatedSamples = [],
    raiMediaFilteredCount = 0,
    raiMediaFilteredReasons = [],
  } = response?.generateVideoResponse ?? {};
  const uri = generatedSamples[0]?.video.uri;
  if (uri !== undefined) return { kind: 'made', uri };
  if (raiMediaFilteredCount > 0 || raiMediaFilteredReasons.length > 0) {
    const message = `Google filtered the clip: ${raiMediaFilteredReasons.join(' ') || 'no reason was given'}`;
    return { kind: 'failed', failure: failureOf('content_filter', 'rejected_request', message) };
  }
  const failure = failureOf('transient', 'bad_output', 'Google says it is done and names no clip.');
  return { kind: 'failed', failure };
}

/** Codes of google.rpc: 3 and 9 are the request's fault, 7 and 16 the account's, 8 is a limit. */
function operationFailure({ code, message }: { code?: number | undefined; message: string }): AttemptFailure {
  const said = `Google did not make the clip: ${message || `code ${code ?? 'none'}`}`;
  if (isPolicyText(message)) return failureOf('content_filter', 'rejected_request', said);
  if (code === 3 || code === 9) return failureOf('permanent', 'rejected_request', said);
  if (code === 7 || code === 16) return failureOf('permanent', 'account', said);
  if (code === 8) return failureOf('transient', 'rate_limit', said);
  return failureOf('transient', 'server', said);
}

/** Google words a filter in sentences; these are theirs. */
export function isPolicyText(text: string): boolean {
  return /\b(usage guidelines|responsible ai|safety (filters?|settings?|polic)|prohibited (use|content)|content polic|sensitive words)/i.test(
    text,
  );
}
