/** Google's images: one synchronous call; a filtered picture is an answer with HTTP 200 and no picture in it. */
import { z } from 'zod';
import { pictureIn } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { bytes, json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { contentTypeOf, spoil } from '../core/result-file.ts';
import { stillOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { aspectOf, sizeOf } from '../media/frame-size.ts';
import { googleError, refuseAsGoogle } from './google-errors.ts';

const part = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ inlineData: z.strictObject({ mimeType: z.string(), data: z.string() }) }),
]);
const shape = z.enum(['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9']);
const bodySchema = z.strictObject({
  contents: z.array(z.strictObject({ role: z.enum(['user', 'model']).optional(), parts: z.array(part).min(1) })).min(1),
  generationConfig: z
    .strictObject({
      responseModalities: z.array(z.enum(['TEXT', 'IMAGE'])).optional(),
      imageConfig: z
        .strictObject({ aspectRatio: shape.optional(), imageSize: z.enum(['1K', '2K', '4K']).optional() })
        .optional(),
      seed: z.number().int().optional(),
      candidateCount: z.literal(1).optional(),
      temperature: z.number().optional(),
    })
    .optional(),
  safetySettings: z.array(z.strictObject({ category: z.string(), threshold: z.string() })).optional(),
});

/** `models/{model}:generateContent`. */
export async function generateImage(world: World, request: SimulatorRequest, model: string): Promise<Reply> {
  const input = jsonBody(request);
  const read = bodySchema.safeParse(input);
  if (!read.success) return googleError(400, 'INVALID_ARGUMENT', wordsOf(read.error));
  const parts = read.data.contents.flatMap((one) => one.parts);
  const inputs: Uint8Array[] = [];
  for (const one of parts) {
    const picture = 'inlineData' in one ? pictureIn(one.inlineData.data) : null;
    if ('inlineData' in one && !picture)
      return googleError(400, 'INVALID_ARGUMENT', 'inlineData.data is no picture in base64');
    if (picture) inputs.push(picture);
  }
  const { imageConfig, seed } = read.data.generationConfig ?? {};
  const imageSize = imageConfig?.imageSize ?? '1K';
  const aspect = imageConfig?.aspectRatio ?? aspectOf(inputs[0]) ?? '1:1';
  return takeSubmit(
    world,
    {
      ...{ provider: 'google', endpoint: model, input, inputs, seed: seed ?? null, synchronous: true },
      prompt: parts.flatMap((one) => ('text' in one ? [one.text] : [])).join('\n'),
      parameters: { imageSize, aspectRatio: aspect },
      media: stillOf(sizeOf(aspect, { '1K': 768, '2K': 1536, '4K': 3072 }[imageSize])),
    },
    { refuse: refuseAsGoogle, accepted: (job) => answer(world, job, model) },
  );
}

async function answer(world: World, job: Job, model: string): Promise<Reply> {
  const common = {
    modelVersion: model,
    responseId: job.id,
    usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 },
  };
  const { failure } = job.effects;
  if (failure && failure.kind !== 'policy') return refuseAsGoogle({ kind: 'server', status: 500 });
  if (failure?.code === 'PROMPT_BLOCKED') return json(200, { promptFeedback: { blockReason: 'SAFETY' }, ...common });
  if (failure) {
    const finishReason = failure.code ?? 'IMAGE_SAFETY';
    return json(200, { candidates: [{ finishReason, finishMessage: failure.message, index: 0 }], ...common });
  }
  const picture = spoil(world, job, bytes(200, await world.media.bytesOf(world, job, 0)));
  const data = Buffer.from(picture.body).toString('base64');
  const candidate = {
    content: { role: 'model', parts: [{ inlineData: { mimeType: contentTypeOf(job), data } }] },
    ...{ finishReason: 'STOP', index: 0 },
  };
  return { ...json(200, { candidates: [candidate], ...common }), cut: picture.cut, fault: picture.fault };
}
