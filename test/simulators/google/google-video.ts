/** Google's videos: a long-running operation; one that a filter emptied is done, with HTTP 200 and without a sample. */
import { z } from 'zod';
import { pictureIn } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { pollJob } from '../core/progress.ts';
import { json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { answerStatus } from '../core/status-faults.ts';
import { clipOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { linesOf, sizeOf } from '../media/frame-size.ts';
import { googleError, refuseAsGoogle } from './google-errors.ts';

const image = z.strictObject({ bytesBase64Encoded: z.string(), mimeType: z.enum(['image/png', 'image/jpeg']) });
const bodySchema = z.strictObject({
  instances: z
    .array(
      z
        .strictObject({
          prompt: z.string().min(1),
          image: image.optional(),
          lastFrame: image.optional(),
          referenceImages: z
            .array(z.strictObject({ image, referenceType: z.enum(['asset', 'style']) }))
            .max(3)
            .optional(),
        })
        .refine(({ image: first, lastFrame: last }) => first || !last, 'lastFrame needs an image to start from.')
        .refine(({ image: first, referenceImages: refs }) => !first || !refs, 'Either image or referenceImages.'),
    )
    .length(1),
  parameters: z
    .strictObject({
      aspectRatio: z.enum(['16:9', '9:16']).default('16:9'),
      durationSeconds: z.union([z.literal(4), z.literal(6), z.literal(8)]).default(8),
      resolution: z.enum(['720p', '1080p', '4k']).default('720p'),
      negativePrompt: z.string().optional(),
      personGeneration: z.enum(['dont_allow', 'allow_adult', 'allow_all']).optional(),
      seed: z.number().int().nonnegative().optional(),
      sampleCount: z.literal(1).optional(),
      generateAudio: z.boolean().optional(),
    })
    .refine(({ resolution, durationSeconds }) => resolution === '720p' || durationSeconds === 8, {
      ...{ message: '1080p and 4k need a duration of 8 seconds.', path: ['durationSeconds'] },
    })
    .optional(),
});

/** `models/{model}:predictLongRunning`. */
export async function startVideo(world: World, request: SimulatorRequest, model: string): Promise<Reply> {
  const input = jsonBody(request);
  const read = bodySchema.safeParse(input);
  if (!read.success) return googleError(400, 'INVALID_ARGUMENT', wordsOf(read.error));
  const [instance] = read.data.instances;
  const parameters = { aspectRatio: '16:9', durationSeconds: 8, resolution: '720p', ...read.data.parameters };
  const pictures = [instance?.image, instance?.lastFrame, ...(instance?.referenceImages ?? []).map((ref) => ref.image)];
  const inputs = pictures.flatMap((picture) => (picture ? [pictureIn(picture.bytesBase64Encoded)] : []));
  if (inputs.includes(null)) return googleError(400, 'INVALID_ARGUMENT', 'bytesBase64Encoded is no picture in base64');
  const size = sizeOf(parameters.aspectRatio, linesOf(parameters.resolution));
  return takeSubmit(
    world,
    {
      ...{ provider: 'google', endpoint: model, input, parameters, prompt: instance?.prompt ?? '' },
      inputs: inputs.filter((picture) => picture !== null),
      seed: read.data.parameters?.seed ?? null,
      media: clipOf(size, parameters.durationSeconds, parameters.generateAudio !== false),
    },
    { refuse: refuseAsGoogle, accepted: (job) => json(200, { name: operationName(job) }) },
  );
}

/** `GET v1beta/{name}`. */
export function readOperation(world: World, request: SimulatorRequest, before: Job): Promise<Reply> {
  return answerStatus(world, before, {
    refuse: refuseAsGoogle,
    answer: () => {
      const job = pollJob(world, before);
      const name = operationName(job);
      if (job.endedAt === null) return json(200, { name });
      return json(200, { name, done: true, ...outcome(job, request.origin) });
    },
  });
}

function outcome(job: Job, origin: string) {
  const { failure } = job.effects;
  const wrap = (value: object) => ({
    response: {
      '@type': 'type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse',
      generateVideoResponse: value,
    },
  });
  if (failure?.kind === 'policy') {
    const reason =
      failure.code ?? 'The video was filtered: it may violate the usage guidelines. You have not been charged.';
    return wrap({ raiMediaFilteredCount: 1, raiMediaFilteredReasons: [reason] });
  }
  if (failure) return { error: { code: failure.kind === 'input' ? 3 : 13, message: failure.message } };
  const uri = `${origin}/google/v1beta/files/${job.id}:download?alt=media`;
  return wrap({ generatedSamples: [{ video: { uri } }] });
}

function operationName({ endpoint, id }: Job): string {
  return `models/${endpoint}/operations/${id}`;
}
