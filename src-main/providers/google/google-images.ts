/** Pictures of Gemini: what is sent, and the picture or the refusal in an answer, which comes with HTTP 200 either way. */
import { z } from 'zod';
import type { AttemptFailure, GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { aspectNameOf } from '../aspect-ratio.ts';
import { failureOf } from '../http/read-errors.ts';
import { inputUrlOf, splitDataUrl } from '../inline-inputs.ts';
import { promptText } from '../prompt-text.ts';
import { type GeminiParams, geminiRatios } from './google-endpoints.ts';

const partSchema = z.object({
  /** a sketch on the way to the picture */
  thought: z.boolean().optional(),
  text: z.string().optional(),
  inlineData: z.object({ mimeType: z.string(), data: z.string() }).optional(),
});
export const contentSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(partSchema).default([]) }).optional(),
        finishReason: z.string().optional(),
        finishMessage: z.string().optional(),
      }),
    )
    .default([]),
  promptFeedback: z
    .object({ blockReason: z.string().optional(), blockReasonMessage: z.string().optional() })
    .optional(),
  responseId: z.string().optional(),
});
type Content = z.infer<typeof contentSchema>;

/** Gemini has no field for what to avoid, and counts the pictures as they come. */
export function imagePrompt(request: GenerationRequest): string {
  return promptText(request, { sayAvoid: true, pictures: request.refs });
}

/** The body of a `:generateContent`. */
export function imageBody(request: GenerationRequest, params: GeminiParams, inputs: InputUrls) {
  const pictures = request.refs.map((ref) => {
    const { mimeType, base64 } = splitDataUrl(inputUrlOf(inputs, ref));
    return { inlineData: { mimeType, data: base64 } };
  });
  return {
    contents: [{ role: 'user', parts: [{ text: imagePrompt(request) }, ...pictures] }],
    generationConfig: {
      responseModalities: ['IMAGE'],
      imageConfig: { aspectRatio: aspectNameOf(request.output, geminiRatios), imageSize: params.imageSize },
      ...(request.seed === null ? {} : { seed: request.seed }),
    },
  };
}

export type ReadContent = { kind: 'picture'; base64: string } | { kind: 'none'; failure: AttemptFailure };

const refusals = /SAFETY|PROHIBITED|RECITATION|BLOCKLIST|SPII|NO_IMAGE|IMAGE_OTHER/;

/** The picture of an answer, or why there is none. */
export function readContent({ candidates, promptFeedback }: Content): ReadContent {
  const [candidate] = candidates;
  const base64 = candidate?.content?.parts.findLast((part) => part.inlineData && !part.thought)?.inlineData?.data;
  if (base64 !== undefined) return { kind: 'picture', base64 };
  const filtered = (reason: string, said: string | undefined): ReadContent => {
    const message = `Google filtered the picture (${reason})${said ? `: ${said}` : '.'}`;
    return { kind: 'none', failure: failureOf('content_filter', 'rejected_request', message) };
  };
  if (promptFeedback?.blockReason) return filtered(promptFeedback.blockReason, promptFeedback.blockReasonMessage);
  const reason = candidate?.finishReason ?? '';
  if (refusals.test(reason)) return filtered(reason, candidate?.finishMessage);
  const said = candidate?.content?.parts.find((part) => part.text)?.text ?? reason;
  const message = `Google answered without a picture${said ? `: ${said.slice(0, 200)}` : '.'}`;
  return { kind: 'none', failure: failureOf('transient', 'bad_output', message) };
}
