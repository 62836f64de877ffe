/** Our request in an endpoint's words. Pure: the same request gives the same body, which is how a lost submit is found again. */
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import { aspectNameOf, aspectRefusal } from '../aspect-ratio.ts';
import { noRefs, tooManyRefs } from '../check-request.ts';
import { inputUrlOf } from '../inline-inputs.ts';
import { promptText } from '../prompt-text.ts';
import { type FalEndpoint, falTitle, type PresetSize, presetSizes } from './fal-endpoints.ts';

/** The body of a submit. Not yet checked against the endpoint's schema: an estimate has no start frame yet. */
export function composeInput(
  endpoint: FalEndpoint,
  request: GenerationRequest,
  inputs: InputUrls,
): Record<string, unknown> {
  const { placing } = endpoint;
  const { startFrame, output, seed, params } = request;
  const pictures = listedPictures(endpoint, request).map((ref) => inputUrlOf(inputs, ref));
  const ownField = placing.start !== null && placing.start !== 'image_urls' ? placing.start : null;
  return {
    prompt: promptOf(request, endpoint),
    ...(ownField && startFrame ? { [ownField]: inputUrlOf(inputs, startFrame) } : {}),
    ...(pictures.length > 0 ? { image_urls: pictures } : {}),
    ...(placing.writeSeconds && output.durationSeconds !== null
      ? { duration: placing.writeSeconds(output.durationSeconds) }
      : {}),
    ...frameOf(endpoint, output),
    ...(placing.negative && request.negativePrompt ? { negative_prompt: request.negativePrompt } : {}),
    ...(seed === null ? {} : { seed }),
    // one take is one picture: the bill is for what was asked
    ...(placing.counts ? { num_images: 1 } : {}),
    ...params,
  };
}

/** Why an endpoint would not take a request's pictures or its shape; null when it would. */
export function falRefusal(request: GenerationRequest, endpoint: FalEndpoint): string | null {
  return picturesRefusal(endpoint, request) ?? frameRefusal(endpoint, request);
}

function picturesRefusal(endpoint: FalEndpoint, request: GenerationRequest): string | null {
  const { maxRefs } = endpoint.capabilities;
  // the start frame may be one of them
  const count = listedPictures(endpoint, request).length;
  if (count > maxRefs) return tooManyRefs(count, maxRefs, falTitle);
  return endpoint.needsRefs && count === 0 ? noRefs(falTitle) : null;
}

function frameRefusal({ placing }: FalEndpoint, { output, params }: GenerationRequest): string | null {
  switch (placing.frame?.kind) {
    case 'ratio':
      return aspectRefusal(output, placing.frame.names, falTitle);
    case 'size': {
      const { least, most } = placing.frame.pixels;
      const pixels = inSixteens(output.width) * inSixteens(output.height);
      if (pixels >= least && pixels <= most) return null;
      return `${falTitle} makes pictures of ${least} to ${most} pixels here; the project is ${output.width}×${output.height}.`;
    }
    case 'preset': {
      const { width, height } = presetSizes[params.image_size as PresetSize];
      return aspectRefusal(output, [`${width}:${height}`], `${falTitle} with ${String(params.image_size)}`);
    }
    default:
      return null;
  }
}

function frameOf({ placing }: FalEndpoint, output: GenerationRequest['output']): Record<string, unknown> {
  switch (placing.frame?.kind) {
    case 'ratio': {
      const name = aspectNameOf(output, placing.frame.names);
      return name === null ? {} : { aspect_ratio: name };
    }
    case 'size':
      return { image_size: { width: inSixteens(output.width), height: inSixteens(output.height) } };
    default:
      return {};
  }
}

/** Sides of pictures are multiples of 16. */
function inSixteens(pixels: number): number {
  return Math.max(64, Math.round(pixels / 16) * 16);
}

/** The pictures that go as a list, in the order in which the prompt counts them. */
function listedPictures({ placing }: FalEndpoint, { startFrame, refs }: GenerationRequest): RefUsed[] {
  if (placing.refs === null) return [];
  return [...(placing.start === 'image_urls' && startFrame ? [startFrame] : []), ...refs];
}

/** The words as they are sent: what to avoid where there is no field for it, and who is on which picture. */
export function promptOf(request: GenerationRequest, endpoint: FalEndpoint): string {
  const { negative, nameOfRef: nameOf } = endpoint.placing;
  return promptText(request, { sayAvoid: !negative, pictures: listedPictures(endpoint, request), nameOf });
}
