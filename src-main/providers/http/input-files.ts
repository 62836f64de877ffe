/**
 * The files of a request: refs and the start frame, read once each and checked against the hash that was recorded, so that
 * what a provider gets is what the provenance record says.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { GenerationRequest } from '../../../src-shared/domain/attempt.ts';
import type { Sha256 } from '../../../src-shared/domain/hash.ts';
import type { RefUsed } from '../../../src-shared/domain/provenance.ts';
import type { InputUrls } from '../../orchestrator/ports/provider.ts';
import type { UploadLedger } from '../../orchestrator/ports/upload-ledger.ts';
import { AppError } from '../../platform/app-error.ts';
import { toFileError } from '../../platform/atomic-file.ts';
import { contentTypeOf, sniffFile } from './sniff-file.ts';

export interface InputFile {
  sha256: Sha256;
  bytes: Uint8Array;
  contentType: string;
  fileName: string;
}

/** Refs and start frame of a request, each hash once. */
export function inputsOf(request: GenerationRequest): RefUsed[] {
  const all = [...request.refs, ...(request.startFrame ? [request.startFrame] : [])];
  return [...new Map(all.map((ref) => [ref.hash, ref])).values()];
}

/** Reads a file and refuses it when it is not the recorded one any more. */
export async function readInputFile(ref: RefUsed, resolvePath: (path: string) => string): Promise<InputFile> {
  const path = resolvePath(ref.path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  const sha256: Sha256 = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (sha256 !== ref.hash) {
    throw new AppError({
      code: 'file.changed',
      message: `“${ref.path}” is not the file that was recorded any more.`,
      hint: 'Promote the picture again in Refs, or approve the keyframe again.',
    });
  }
  const contentType = contentTypeOf(sniffFile(bytes.subarray(0, 512))) ?? 'application/octet-stream';
  return { sha256, bytes, contentType, fileName: basename(ref.path) };
}

/** A file as a data url, for providers that take pictures in the request itself. */
export function dataUrlOf({ bytes, contentType }: InputFile): string {
  return `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** How one file gets to the provider: answers with the url under which it has it. */
export type SendFile = (file: InputFile, signal: AbortSignal) => Promise<{ url: string; expiresAt: string | null }>;

export interface InputUploaderOptions {
  provider: string;
  ledger: UploadLedger;
  resolvePath: (path: string) => string;
  send: SendFile;
}

/**
 * Sends the files of requests, each hash once for as long as the provider keeps it. Requests that need the same file at the
 * same time share one upload; it ends when the last of them no longer wants it.
 */
export function createInputUploader({ provider, ledger, resolvePath, send }: InputUploaderOptions) {
  const running = new Map<Sha256, SharedUpload>();
  const start = (ref: RefUsed): SharedUpload => {
    const stop = new AbortController();
    const work = async () => {
      const file = await readInputFile(ref, resolvePath);
      const { url, expiresAt } = await send(file, stop.signal);
      ledger.record({ provider, sha256: ref.hash, url, expiresAt });
      return url;
    };
    const shared = { stop, url: work(), waiting: 0 };
    running.set(ref.hash, shared);
    const forget = () => {
      if (running.get(ref.hash) === shared) running.delete(ref.hash);
    };
    shared.url.then(forget, forget);
    return shared;
  };
  const urlOf = async (ref: RefUsed, signal: AbortSignal): Promise<[Sha256, string]> => {
    const known = ledger.find(provider, ref.hash);
    if (known !== null) return [ref.hash, known];
    const shared = running.get(ref.hash) ?? start(ref);
    return [ref.hash, await waitFor(shared, signal, () => running.delete(ref.hash))];
  };
  return async (request: GenerationRequest, signal: AbortSignal): Promise<InputUrls> => {
    signal.throwIfAborted();
    return new Map(await Promise.all(inputsOf(request).map((ref) => urlOf(ref, signal))));
  };
}

interface SharedUpload {
  stop: AbortController;
  url: Promise<string>;
  waiting: number;
}

async function waitFor(shared: SharedUpload, signal: AbortSignal, drop: () => void): Promise<string> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  shared.waiting++;
  try {
    return await Promise.race([shared.url, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    shared.waiting--;
    if (shared.waiting === 0 && signal.aborted) {
      drop();
      shared.stop.abort(signal.reason);
    }
  }
}
