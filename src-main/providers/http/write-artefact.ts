import { open, rm } from 'node:fs/promises';
import { toFileError } from '../../platform/atomic-file.ts';
import { BadDownloadError } from './http-errors.ts';
import { type MediaExtension, mediaExtensionOf } from './sniff-file.ts';

/** Writes an artefact that came inside an answer (base64), whole and flushed; what is no picture or clip is refused. */
export async function writeArtefact(temporaryPath: string, bytes: Uint8Array, title: string): Promise<MediaExtension> {
  if (bytes.byteLength === 0) throw new BadDownloadError(`${title} delivered an empty file.`);
  const kind = mediaExtensionOf(bytes.subarray(0, 512), title);
  try {
    const file = await open(temporaryPath, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return kind;
  } catch (error) {
    // on a full disk half a file takes the room that the rest needs
    await rm(temporaryPath, { force: true });
    throw toFileError(error, temporaryPath);
  }
}
