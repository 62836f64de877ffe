import { BadDownloadError } from './http-errors.ts';

/** What the first bytes of a file say it is. `text`: HTML, JSON, XML or plain words, which no take is. */
export type FileKind = MediaExtension | 'text' | 'unknown';

/** Kinds that a take can be. */
export type MediaExtension = '.png' | '.jpg' | '.webp' | '.gif' | '.mp4' | '.mov' | '.webm';

/** Boxes that a QuickTime file without a brand begins with. */
const quickTimeBoxes = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

const startsWith = (head: Uint8Array, bytes: readonly number[], at = 0) =>
  bytes.every((byte, index) => head[at + index] === byte);
const ascii = (head: Uint8Array, from: number, to: number) => Buffer.from(head.subarray(from, to)).toString('latin1');

/** Reads a file's kind from its head (some hundred bytes). */
export function sniffFile(head: Uint8Array): FileKind {
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47])) return '.png';
  if (startsWith(head, [0xff, 0xd8, 0xff])) return '.jpg';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return '.webp';
  if (ascii(head, 0, 4) === 'GIF8') return '.gif';
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return '.webm';
  if (ascii(head, 4, 8) === 'ftyp') return ascii(head, 8, 12) === 'qt  ' ? '.mov' : '.mp4';
  if (quickTimeBoxes.has(ascii(head, 4, 8))) return '.mov';
  return isText(head) ? 'text' : 'unknown';
}

/** The extension of a take; throws for what is none, with what it is instead. */
export function mediaExtensionOf(head: Uint8Array, title: string): MediaExtension {
  const kind = sniffFile(head);
  if (kind === 'unknown') throw new BadDownloadError(`${title} delivered a file that is neither a picture nor a clip.`);
  if (kind === 'text') throw new BadDownloadError(`${title} delivered a text instead of the file.`);
  return kind;
}

/** The media type of a kind that a provider takes; null for the rest. */
export function contentTypeOf(kind: FileKind): string | null {
  const types: Partial<Record<FileKind, string>> = {
    '.png': 'image/png',
    '.jpg': 'image/jpeg',
    '.webp': 'image/webp',
    '.gif': 'image/gif',
    '.mp4': 'video/mp4',
    '.mov': 'video/quicktime',
    '.webm': 'video/webm',
  };
  return types[kind] ?? null;
}

function isText(head: Uint8Array): boolean {
  const hasControl = head.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20));
  return head.byteLength > 0 && !hasControl && !Buffer.from(head).toString('utf8').slice(0, -4).includes('\uFFFD');
}
