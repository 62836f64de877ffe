/** Pictures that travel inside the request itself, for providers that keep no files of ours. */
import type { GenerationRequest } from '../../src-shared/domain/attempt.ts';
import type { RefUsed } from '../../src-shared/domain/provenance.ts';
import type { InputUrls } from '../orchestrator/ports/provider.ts';
import { NotSentError } from './http/http-errors.ts';
import { dataUrlOf, inputsOf, readInputFile } from './http/input-files.ts';
import { failureOf } from './http/read-errors.ts';

export interface InlineLimits {
  title: string;
  /** of one picture, before base64 makes it a third longer */
  maxBytes: number;
  resolvePath: (path: string) => string;
}

/** An `upload` that sends nothing: the pictures go along with the submit. */
export function inlineUpTo(maxBytes: number, { title, resolvePath }: Omit<InlineLimits, 'maxBytes'>) {
  return (request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> =>
    inlineInputs(request, { title, maxBytes, resolvePath }, signal);
}

/** Every picture of a request as a data url; one that is too big for the provider is refused before anything is sent. */
export async function inlineInputs(
  request: GenerationRequest,
  { title, maxBytes, resolvePath }: InlineLimits,
  signal: AbortSignal,
): Promise<InputUrls> {
  const urls = new Map<string, string>();
  for (const ref of inputsOf(request)) {
    signal.throwIfAborted();
    const file = await readInputFile(ref, resolvePath);
    if (file.bytes.byteLength > maxBytes) {
      const message = `“${ref.path}” has ${megabytes(file.bytes.byteLength)}; ${title} takes ${megabytes(maxBytes)} a picture.`;
      throw new NotSentError(failureOf('permanent', 'rejected_request', message));
    }
    urls.set(ref.hash, dataUrlOf(file));
  }
  return urls;
}

/** Where the provider finds a file; before it was uploaded its hash stands in for it, so that a payload can be shown. */
export function inputUrlOf(inputs: InputUrls, ref: RefUsed): string {
  return inputs.get(ref.hash) ?? ref.hash;
}

/** A data url in two; anything else is passed on as it is, without a type. */
export function splitDataUrl(url: string): { mimeType: string; base64: string } {
  const match = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return { mimeType: match?.[1] ?? 'application/octet-stream', base64: match?.[2] ?? url };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
