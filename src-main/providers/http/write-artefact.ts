import { open, rm } from 'node:fs/promises';
import { toFileError } from '../../platform/atomic-file.ts';
import { BadDownloadError } from './http-errors.ts';
import { type FileKind, sniffFile } from './sniff-file.ts';

/** Writes an artefact that came inside an answer (base64), whole and flushed; what is no picture or clip is refused. */
export async function writeArtefact(temporaryPath: string, bytes: Uint8Array, title: string): Promise<FileKind> {
  if (bytes.byteLength === 0) throw new BadDownloadError(`${title} delivered an empty file.`);
  const kind = sniffFile(bytes.subarray(0, 512));
  if (kind === 'text') throw new BadDownloadError(`${title} delivered a text instead of the file.`);
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
