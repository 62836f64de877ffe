import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MediaWorkshop } from '../../src-main/orchestrator/ports/media.ts';
import { toFileError } from '../../src-main/platform/atomic-file.ts';
import type { MediaProbe } from '../../src-shared/domain/media.ts';
import { makeProbe } from '../fixtures/make-take.ts';

/** Hashes real files and tells what they are by their first bytes: a PNG, "CLIP", "PRORES", "SOUND"; all else is unreadable. */
export function createFakeMedia(): Pick<MediaWorkshop, 'hash' | 'probe'> & { readonly hashed: string[] } {
  const hashed: string[] = [];
  const read = (path: string) =>
    readFile(path).catch((error: unknown) => {
      throw toFileError(error, path);
    });
  return {
    hashed,
    async hash(path) {
      hashed.push(path);
      const bytes = await read(path);
      return { sha256: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, sizeBytes: bytes.length };
    },
    async probe(path) {
      return probeOf(await read(path));
    },
  };
}

function probeOf(bytes: Buffer): MediaProbe {
  const sizeBytes = bytes.length;
  const start = bytes.subarray(0, 6).toString('latin1');
  if (start.startsWith('\x89PNG')) {
    const still = { container: 'png', mimeType: 'image/png', durationSeconds: null, frameRate: null, frameCount: null };
    return makeProbe({ kind: 'still', ...still, videoCodec: null, hasAudio: false, audioCodec: null, sizeBytes });
  }
  if (start.startsWith('CLIP')) return makeProbe({ sizeBytes });
  if (start === 'PRORES') return makeProbe({ sizeBytes, videoCodec: 'prores', playability: 'proxy-needed' });
  if (start.startsWith('SOUND')) return makeProbe({ kind: 'audio', width: null, height: null, sizeBytes });
  return makeProbe({ sizeBytes, playability: 'unreadable', problem: 'the file is not media.' });
}
