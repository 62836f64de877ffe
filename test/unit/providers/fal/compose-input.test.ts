import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import registryFile from '../../../../resources/workflow_registry.v1.json' with { type: 'json' };
import { composeInput } from '../../../../src-main/providers/fal/compose-input.ts';
import { falEndpointIds, falEndpoints } from '../../../../src-main/providers/fal/fal-endpoints.ts';
import { createFalProvider } from '../../../../src-main/providers/fal/fal-provider.ts';
import type { GenerationRequest } from '../../../../src-shared/domain/attempt.ts';
import { type PriceTable, priceOf } from '../../../../src-shared/domain/price.ts';
import type { RefUsed } from '../../../../src-shared/domain/provenance.ts';
import { type Workflow, workflowRegistrySchema } from '../../../../src-shared/domain/workflow.ts';
import {
  clipRequest,
  openProviderBench,
  type ProviderBench,
  plantedKey,
  shippedPrices,
  stillRequest,
} from '../../../fixtures/provider-bench.ts';

const hashOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const start: RefUsed = { role: 'start_frame', path: 'output/key.png', hash: hashOf('a') };
const mara: RefUsed = { role: 'char:mara:identity/front', path: 'assets/mara.png', hash: hashOf('b') };
const quay: RefUsed = { role: 'loc:quay:plate/wide', path: 'assets/quay.png', hash: hashOf('c') };
const inputs = new Map([
  [start.hash, 'https://v3.fal.media/key.png'],
  [mara.hash, 'https://v3.fal.media/mara.png'],
  [quay.hash, 'https://v3.fal.media/quay.png'],
]);
const [keyUrl, maraUrl, quayUrl] = [...inputs.values()];

type Given = Partial<GenerationRequest> & Pick<GenerationRequest, 'endpoint' | 'params'>;
const clip = (given: Given) => clipRequest({ provider: 'fal', startFrame: start, negativePrompt: 'rain', ...given });
const still = (given: Given) => stillRequest({ provider: 'fal', negativePrompt: 'rain', ...given });
const bodyOf = (request: GenerationRequest) =>
  composeInput(falEndpoints[request.endpoint] ?? expect.fail(), request, inputs);

let bench: ProviderBench;
beforeAll(async () => {
  bench = await openProviderBench('http://127.0.0.1:9');
});
afterAll(() => bench.close());
const refusalOf = (request: GenerationRequest, key: string | null = plantedKey) =>
  createFalProvider({ ...bench.tools, key: () => key }).refusal(request);

const video = { resolution: '720p', generate_audio: true };
const prompt = 'A harbour at dusk, slow push in';
const avoiding = `${prompt}\nAvoid: rain`;

/** What goes over the wire, field by field. */
const golden: [GenerationRequest, Record<string, unknown>][] = [
  [
    clip({ endpoint: 'bytedance/seedance-2.0/image-to-video', params: { ...video, bitrate_mode: 'high' } }),
    { prompt: avoiding, image_url: keyUrl, duration: '5', aspect_ratio: '9:16', ...video, bitrate_mode: 'high' },
  ],
  [
    clip({ endpoint: 'bytedance/seedance-2.0/reference-to-video', params: video, refs: [mara, quay] }),
    {
      prompt: `${avoiding}\n@Image1 is the opening frame. @Image2 shows mara (identity/front). @Image3 shows quay (plate/wide).`,
      image_urls: [keyUrl, maraUrl, quayUrl],
      ...{ duration: '5', aspect_ratio: '9:16', ...video },
    },
  ],
  [
    clip({
      endpoint: 'fal-ai/bytedance/seedance/v1.5/pro/image-to-video',
      params: { ...video, camera_fixed: true, enable_safety_checker: true },
      seed: 42,
    }),
    {
      ...{ prompt: avoiding, image_url: keyUrl, duration: '5', aspect_ratio: '9:16', seed: 42, ...video },
      ...{ camera_fixed: true, enable_safety_checker: true },
    },
  ],
  [
    clip({ endpoint: 'fal-ai/kling-video/v3/pro/image-to-video', params: { generate_audio: false, cfg_scale: 0.7 } }),
    {
      ...{ prompt, start_image_url: keyUrl, duration: '5', negative_prompt: 'rain' },
      ...{ generate_audio: false, cfg_scale: 0.7 },
    },
  ],
  [
    clip({
      endpoint: 'fal-ai/veo3.1/image-to-video',
      params: { ...video, auto_fix: false, safety_tolerance: '3' },
      seed: 42,
      output: { ...clip({ endpoint: '', params: {} }).output, durationSeconds: 6 },
    }),
    {
      ...{ prompt, image_url: keyUrl, duration: '6s', aspect_ratio: '9:16', negative_prompt: 'rain', seed: 42 },
      ...{ ...video, auto_fix: false, safety_tolerance: '3' },
    },
  ],
  [
    still({ endpoint: 'fal-ai/nano-banana-pro', params: { resolution: '2K', output_format: 'png' }, seed: 42 }),
    { prompt: avoiding, aspect_ratio: '9:16', seed: 42, num_images: 1, resolution: '2K', output_format: 'png' },
  ],
  [
    still({ endpoint: 'fal-ai/nano-banana-pro/edit', params: { resolution: '4K' }, refs: [mara, quay], seed: 42 }),
    {
      prompt: `${avoiding}\nImage 1 shows mara (identity/front). Image 2 shows quay (plate/wide).`,
      ...{ image_urls: [maraUrl, quayUrl], aspect_ratio: '9:16', seed: 42, num_images: 1, resolution: '4K' },
    },
  ],
  [
    still({ endpoint: 'openai/gpt-image-2', params: { quality: 'high' } }),
    { prompt: avoiding, image_size: { width: 720, height: 1280 }, num_images: 1, quality: 'high' },
  ],
  [
    still({ endpoint: 'openai/gpt-image-2/edit', params: { quality: 'low' }, refs: [mara] }),
    {
      prompt: `${avoiding}\nImage 1 shows mara (identity/front).`,
      ...{ image_urls: [maraUrl], image_size: { width: 720, height: 1280 }, num_images: 1, quality: 'low' },
    },
  ],
  [
    still({ endpoint: 'fal-ai/flux-2-pro', params: { image_size: 'portrait_16_9' }, seed: 42 }),
    { prompt: avoiding, image_size: 'portrait_16_9', seed: 42 },
  ],
  [
    still({ endpoint: 'fal-ai/flux-2-pro/edit', params: { image_size: 'portrait_16_9' }, refs: [mara], seed: 42 }),
    {
      prompt: `${avoiding}\n@Image1 shows mara (identity/front).`,
      ...{ image_urls: [maraUrl], image_size: 'portrait_16_9', seed: 42 },
    },
  ],
];

describe('what fal is told', () => {
  it.each(golden.map(([request, body]) => [request.endpoint, request, body] as const))(
    '%s',
    (endpoint, request, body) => {
      expect(refusalOf(request)).toBeNull();
      expect(bodyOf(request)).toEqual(body);
      expect(falEndpoints[endpoint]?.input.parse(body)).toEqual(body);
    },
  );

  it('has a golden body for every endpoint', () => {
    expect(golden.map(([request]) => request.endpoint)).toEqual(falEndpointIds);
  });

  it('is written in the type of the family: bare seconds, or with an s', () => {
    for (const id of falEndpointIds) {
      const { placing, capabilities, input } = falEndpoints[id] ?? expect.fail();
      const lengths = capabilities.durationsSeconds ?? [];
      const written = lengths.map((seconds) => placing.writeSeconds?.(seconds));
      expect(written).toEqual(lengths.map((seconds) => (id.includes('veo') ? `${seconds}s` : `${seconds}`)));
      const base = golden.find(([request]) => request.endpoint === id)?.[1] ?? expect.fail();
      for (const duration of written) expect(input.safeParse({ ...base, duration }).success).toBe(true);
    }
  });

  it('holds an unknown field back, in any endpoint', () => {
    for (const [request, body] of golden) {
      const { input } = falEndpoints[request.endpoint] ?? expect.fail();
      expect(input.safeParse({ ...body, colour: 'red' }).success).toBe(false);
    }
  });

  it('can be shown before the files are there', () => {
    const request = golden[0]?.[0] ?? expect.fail();
    expect(composeInput(falEndpoints[request.endpoint] ?? expect.fail(), request, new Map()).image_url).toBe(
      start.hash,
    );
  });
});

describe('what fal would refuse', () => {
  const fits = clip({ endpoint: 'fal-ai/veo3.1/image-to-video', params: video });
  const veo = { ...fits, output: { ...fits.output, durationSeconds: 8 } };
  const banana = still({ endpoint: 'fal-ai/nano-banana-pro/edit', params: { resolution: '1K' }, refs: [mara] });
  const many = Array.from({ length: 17 }, () => mara);
  it.each<[string, GenerationRequest, RegExp]>([
    ['an endpoint that is not known', { ...veo, endpoint: 'fal-ai/veo4' }, /^fal has no fal-ai\/veo4\.$/],
    ['an unknown parameter', { ...veo, params: { ...video, colour: 'red' } }, /colour/],
    ['a parameter of the wrong type', { ...veo, params: { ...video, generate_audio: 'yes' } }, /generate_audio/],
    ['a missing parameter that the price depends on', { ...veo, params: { resolution: '720p' } }, /generate_audio/],
    ['a length it does not make', { ...veo, output: { ...veo.output, durationSeconds: 7 } }, /clips of 4, 6, 8 s/],
    [
      'a seed where it takes none',
      clip({ endpoint: 'bytedance/seedance-2.0/image-to-video', params: video, seed: 1 }),
      /no seed/,
    ],
    ['a shape it does not make', { ...veo, output: { ...veo.output, width: 1000, height: 1000 } }, /1000×1000/],
    ['too many references', { ...banana, refs: many }, /17 reference pictures; .* takes 14/],
    ['references where it takes none', { ...veo, refs: [mara] }, /1 reference pictures; .* takes 0/],
    ['no references where it needs some', { ...banana, refs: [] }, /works from reference pictures/],
    ['an empty prompt', { ...veo, prompt: ' ' }, /prompt is empty/],
    ['a prompt that is too long', { ...veo, prompt: 'x'.repeat(5001) }, /5001 characters .* takes 5000/],
    [
      'a prompt that is too long with all that goes into it',
      { ...banana, prompt: 'x'.repeat(9990) },
      /100\d\d characters with all that goes into it; .* takes 10000/,
    ],
    [
      'nine references beside the start frame',
      clip({ endpoint: 'bytedance/seedance-2.0/reference-to-video', params: video, refs: many.slice(0, 9) }),
      /10 reference pictures; .* takes 9/,
    ],
    [
      'a named size of another shape',
      still({ endpoint: 'fal-ai/flux-2-pro', params: { image_size: 'landscape_16_9' } }),
      /landscape_16_9.* the project is 720×1280/,
    ],
    [
      'a picture that is too small for the engine',
      {
        ...still({ endpoint: 'openai/gpt-image-2', params: { quality: 'low' } }),
        output: { ...banana.output, width: 360, height: 640 },
      },
      /655360 to 8294400 pixels here; the project is 360×640/,
    ],
  ])('%s', (_what, request, sentence) => {
    expect(refusalOf(request)).toMatch(sentence);
  });

  it('anything without a key', () => {
    expect(refusalOf(veo, null)).toBe('No key for fal: add one in Settings.');
  });

  it('nothing of an estimate, which has no start frame yet', () => {
    expect(refusalOf({ ...veo, startFrame: null })).toBeNull();
  });
});

describe('the workflows on fal', () => {
  let prices: PriceTable;
  beforeAll(async () => {
    prices = await shippedPrices();
  });
  const rows = workflowRegistrySchema.parse(registryFile).workflows.filter(({ provider }) => provider === 'fal');
  const requestOf = ({ endpoint, params }: Workflow): GenerationRequest => {
    const { capabilities, needsRefs } = falEndpoints[endpoint] ?? expect.fail();
    const base = capabilities.phases.includes('video') ? clip({ endpoint, params }) : still({ endpoint, params });
    const wide = params.image_size === 'landscape_16_9' ? { width: 1280, height: 720 } : {};
    const durationSeconds = capabilities.durationsSeconds?.[0] ?? null;
    return { ...base, refs: needsRefs ? [mara] : [], output: { ...base.output, durationSeconds, ...wide } };
  };

  it.each(rows.map((row) => [row.id, row] as const))('%s can be sent as it stands in the table', (_id, row) => {
    const endpoint = falEndpoints[row.endpoint] ?? expect.fail(`no ${row.endpoint}`);
    expect(refusalOf(requestOf(row))).toBeNull();
    expect(row.phases).toEqual(endpoint.capabilities.phases);
    expect(row.maxRefs).toBeLessThanOrEqual(endpoint.capabilities.maxRefs);
    expect(row.maxPromptChars).toBeLessThanOrEqual(endpoint.capabilities.maxPromptChars);
  });

  it.each(rows.filter(({ enabled }) => enabled).map((row) => [row.id, row] as const))('%s has a price', (_id, row) => {
    expect(priceOf(prices, requestOf(row))).toBeGreaterThan(0);
  });

  it('has no price for what nobody knows the price of', () => {
    const request = clip({ endpoint: 'bytedance/seedance-2.0/image-to-video', params: { ...video, resolution: '4k' } });
    expect(refusalOf(request)).toBeNull();
    expect(priceOf(prices, request)).toBeNull();
    const edit = still({ endpoint: 'fal-ai/flux-2-pro/edit', params: { image_size: 'portrait_16_9' }, refs: [mara] });
    expect(priceOf(prices, edit)).toBeNull();
  });
});
