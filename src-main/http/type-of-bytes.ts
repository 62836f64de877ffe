import { open } from 'node:fs/promises';

/** Type of an upload that nobody has probed yet, by its first bytes; only what a preview can show is named. */
function typeOfBytes(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (text.startsWith('\x1a\x45\xdf\xa3')) return 'video/webm';
  if (text.slice(4, 8) !== 'ftyp') return 'application/octet-stream';
  return text.slice(8, 12) === 'avif' ? 'image/avif' : 'video/mp4';
}

/** Reads the first bytes of a file and names its type; a file that is not there has none. */
export async function typeOfFile(path: string): Promise<string> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return 'application/octet-stream';
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(32), 0, 32, 0);
    return typeOfBytes(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
