/** OpenAI's images: synchronous, the pictures come in the answer. An answer that is lost was billed. */
import { z } from 'zod';
import { bearerMount } from '../core/bearer.ts';
import { sha256Of } from '../core/canonical-json.ts';
import { readPictures } from '../core/inputs.ts';
import { takeSubmit } from '../core/intake.ts';
import type { Job } from '../core/job.ts';
import { multipartBody } from '../core/multipart.ts';
import { bytes, json, jsonBody, type Reply, type SimulatorRequest } from '../core/reply.ts';
import { spoil } from '../core/result-file.ts';
import { stillOf } from '../core/wishes.ts';
import type { World } from '../core/world.ts';
import { wordsOf } from '../core/zod-words.ts';
import { isGptImageSize, sizeOf } from '../media/frame-size.ts';
import { refuseAsOpenai } from './openai-errors.ts';

function isSize(text: string): boolean {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  return text === 'auto' || isGptImageSize({ width: Number(width), height: Number(height) });
}

const fields = {
  model: z.string().min(1),
  prompt: z.string().min(1).max(32_000),
  size: z
    .string()
    .refine(isSize, 'must be auto, or <width>x<height> in multiples of 16 up to 3840 and 3:1')
    .default('auto'),
  quality: z.enum(['auto', 'low', 'medium', 'high']).default('auto'),
  background: z.enum(['auto', 'transparent', 'opaque']).optional(),
  output_format: z.enum(['png', 'jpeg']).default('png'),
  user: z.string().optional(),
};
const count = z.number().int().min(1).max(10);
const generationSchema = z.strictObject({
  ...fields,
  n: count.default(1),
  moderation: z.enum(['auto', 'low']).optional(),
});
const editSchema = z.strictObject({
  ...fields,
  n: z.coerce.number().pipe(count).default(1),
  input_fidelity: z.enum(['low', 'high']).optional(),
});
const mostImages = 16;
const reference = z.strictObject({ image_url: z.string().min(1) });
const jsonEditSchema = z.strictObject({
  ...fields,
  n: count.default(1),
  images: z.array(reference).min(1).max(mostImages),
  mask: reference.optional(),
  input_fidelity: z.enum(['low', 'high']).optional(),
});
type Body = z.infer<typeof generationSchema> | z.infer<typeof editSchema> | z.infer<typeof jsonEditSchema>;

async function handle(world: World, request: SimulatorRequest): Promise<Reply> {
  switch (`${request.method} ${request.path}`) {
    case 'GET /v1/models':
      return json(200, { object: 'list', data: [{ id: 'simulated', object: 'model' }] });
    case 'POST /v1/images/generations': {
      const read = generationSchema.safeParse(jsonBody(request));
      return read.success ? submit(world, 'generations', read.data, jsonBody(request), []) : invalidBody(read.error);
    }
    case 'POST /v1/images/edits':
      return request.headers['content-type']?.startsWith('multipart/')
        ? editForm(world, request)
        : editJson(world, request);
    default:
      return refuseAsOpenai({ kind: 'not-found' });
  }
}

/** Pictures as files of a form. */
async function editForm(world: World, request: SimulatorRequest): Promise<Reply> {
  const form = await multipartBody(request);
  const pictures = form?.files.filter(({ field }) => ['image', 'image[]', 'mask'].includes(field)) ?? [];
  const images = pictures.filter(({ field }) => field !== 'mask').length;
  if (!form || pictures.length !== form.files.length || images === 0 || images > mostImages) return noImage();
  const read = editSchema.safeParse(form.fields);
  if (!read.success) return invalidBody(read.error);
  const hashes = pictures.map(({ field, bytes: file }) => ({ field, sha256: sha256Of(file) }));
  const files = pictures.map((picture) => picture.bytes);
  return submit(world, 'edits', read.data, { ...form.fields, files: hashes }, files);
}

/** Pictures as urls in JSON. */
async function editJson(world: World, request: SimulatorRequest): Promise<Reply> {
  const input = jsonBody(request);
  const read = jsonEditSchema.safeParse(input);
  if (!read.success) return invalidBody(read.error);
  const { images, mask } = read.data;
  const urls = [...images, ...(mask ? [mask] : [])].map((picture) => picture.image_url);
  const fetched = readPictures(world, request.origin, urls);
  return 'missing' in fetched ? noImage() : submit(world, 'edits', read.data, input, fetched.inputs);
}

function noImage(): Reply {
  return refuseAsOpenai({ kind: 'invalid', issues: [{ loc: [], message: 'image is required', type: '' }] });
}

function submit(world: World, verb: string, body: Body, input: unknown, inputs: Uint8Array[]): Promise<Reply> {
  const [width = 1024, height = 1024] = body.size === 'auto' ? [] : body.size.split('x').map(Number);
  const size = width > 0 && height > 0 ? { width, height } : sizeOf('1:1', 1024);
  return takeSubmit(
    world,
    {
      ...{ provider: 'openai', endpoint: `${body.model}/${verb}`, prompt: body.prompt, seed: null },
      ...{ input, inputs, parameters: { ...body }, synchronous: true },
      media: stillOf(size, body.output_format, body.n),
    },
    { refuse: refuseAsOpenai, accepted: (job) => answer(world, job) },
  );
}

async function answer(world: World, job: Job): Promise<Reply> {
  const { failure } = job.effects;
  if (failure) {
    return failure.kind === 'server'
      ? refuseAsOpenai({ kind: 'server', status: 500 })
      : refuseAsOpenai({ kind: 'policy' });
  }
  const data: { b64_json: string }[] = [];
  let spoilt: Reply | null = null;
  for (let index = 0; index < job.media.count; index += 1) {
    const picture = spoil(world, job, bytes(200, await world.media.bytesOf(world, job, index)));
    if (picture.fault) spoilt = picture;
    data.push({ b64_json: Buffer.from(picture.body).toString('base64') });
  }
  const reply = json(
    200,
    {
      ...{ created: Math.floor(job.createdAt / 1000), data },
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { text_tokens: 1 } },
    },
    { 'x-request-id': job.id },
  );
  return spoilt ? { ...reply, cut: spoilt.cut, fault: spoilt.fault } : reply;
}

function invalidBody(error: z.ZodError): Reply {
  return refuseAsOpenai({ kind: 'invalid', issues: [{ loc: [], message: wordsOf(error), type: '' }] });
}

export const openaiMount = bearerMount('openai', refuseAsOpenai, handle);
