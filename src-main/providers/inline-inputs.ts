/** Pictures that travel inside the request itself, for providers that keep no files of ours. */
import type { Sha256 } from '../../src-shared/domain/hash.ts';
import type { RefUsed } from '../../src-shared/domain/provenance.ts';
import type { InputUrls, ProviderAdapter } from '../orchestrator/ports/provider.ts';
import { NotSentError } from './http/http-errors.ts';
import { dataUrlOf, inputsOf, readInputFile } from './http/input-files.ts';
import { failureOf } from './http/read-errors.ts';

/**
 * An `upload` that sends nothing: every picture goes along as a data url. `maxBytes` of one picture, before base64 makes it a
 * third longer; one that is bigger is refused before anything is sent.
 */
export function inlineUpTo(maxBytes: number, { title, resolvePath }: InlineFor): ProviderAdapter['upload'] {
  return async (request, signal) => {
    const urls = new Map<Sha256, string>();
    for (const ref of inputsOf(request)) {
      signal.throwIfAborted();
      const file = await readInputFile(ref, resolvePath);
      if (file.bytes.byteLength > maxBytes) {
        const message = `“${ref.path}” has ${megabytes(file.bytes.byteLength)}; ${title} takes ${megabytes(maxBytes)} a picture. Make it smaller.`;
        throw new NotSentError(failureOf('permanent', 'rejected_request', message));
      }
      urls.set(ref.hash, dataUrlOf(file));
    }
    return urls;
  };
}

interface InlineFor {
  title: string;
  resolvePath: (path: string) => string;
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
