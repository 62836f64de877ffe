/** Pictures that travel inside the request itself, for providers that keep no files of ours. */
import type { Sha256 } from '../../src-shared/domain/hash.ts';
import type { RefUsed } from '../../src-shared/domain/provenance.ts';
import type { InputUrls, ProviderAdapter } from '../orchestrator/ports/provider.ts';
import { NotSentError } from './http/http-errors.ts';
import { dataUrlOf, inputsOf, readInputFile } from './http/input-files.ts';
import { failureOf } from './http/read-errors.ts';

interface InlineFor {
  title: string;
  resolvePath: (path: string) => string;
  /** what all pictures of a request may come to as they are sent; absent = as many as the engine takes */
  maxTogether?: number;
}

/**
 * An `upload` that sends nothing: every picture goes along as a data url. `maxBytes` of one picture, before base64 makes it a
 * third longer; what is bigger, alone or together, is refused before anything is sent.
 */
export function inlineUpTo(
  maxBytes: number,
  { title, resolvePath, maxTogether = Number.POSITIVE_INFINITY }: InlineFor,
): ProviderAdapter['upload'] {
  return async (request, signal) => {
    const urls = new Map<Sha256, string>();
    for (const ref of inputsOf(request)) {
      signal.throwIfAborted();
      const file = await readInputFile(ref, resolvePath);
      if (file.bytes.byteLength > maxBytes) {
        const limit = `${title} takes ${megabytes(maxBytes)} a picture. Make it smaller.`;
        throw tooBig(`“${ref.path}” has ${megabytes(file.bytes.byteLength)}; ${limit}`);
      }
      urls.set(ref.hash, dataUrlOf(file));
    }
    // one picture in two roles is sent twice
    const sent = [...request.refs, ...(request.startFrame ? [request.startFrame] : [])];
    const together = sent.reduce((sum, { hash }) => sum + (urls.get(hash)?.length ?? 0), 0);
    if (together <= maxTogether) return urls;
    const limit = `${title} takes ${megabytes(maxTogether)} a request. Use fewer of them, or make them smaller.`;
    throw tooBig(`The ${sent.length} pictures of this shot come to ${megabytes(together)} as they are sent; ${limit}`);
  };
}

function tooBig(message: string): NotSentError {
  return new NotSentError(failureOf('permanent', 'rejected_request', message));
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
