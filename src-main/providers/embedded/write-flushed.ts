import { open, rm } from 'node:fs/promises';
import { toFileError } from '../../platform/atomic-file.ts';

/** A file that is not whole is removed: on a full disk it would take the room that the rest needs. */
export async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(path, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw toFileError(error, path);
  }
}
