import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { StillInspection } from '../orchestrator/ports/media.ts';
import { toFileError } from '../platform/atomic-file.ts';
import { firstLine, maxStillPixels, readStillBytes, readStillHead } from './read-still.ts';
import { sniffBytes, sniffContent } from './sniff-content.ts';

const extensions = { jpeg: '.jpg', png: '.png', webp: '.webp', gif: '.gif', avif: '.avif' } as const;

/** Decodes a picture to its last pixel and says what it is; bad content is a `problem`, never an error. */
export async function inspectStill(path: string): Promise<StillInspection> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  const bytes = await readStillBytes(path, size);
  if (bytes === null) return refuse('application/octet-stream', '', 'The picture file is too large to open.');
  const content = sniffContent(bytes.subarray(0, sniffBytes));
  if (content.kind === 'refused') return refuse(content.mimeType, '', content.problem);
  if (content.kind === 'stream') return refuse(content.mimeType, `.${content.container}`, 'This is a film or a sound.');
  const [mimeType, extension] = [`image/${content.format}`, extensions[content.format]];
  const head = await readStillHead(bytes);
  const problem = head.problem ?? (await decodeFully(bytes));
  if (problem !== null || head.width === null || head.height === null) {
    return refuse(mimeType, extension, problem ?? 'The picture is broken: it has no size.');
  }
  return { mimeType, extension, width: head.width, height: head.height, animated: head.animated, problem: null };
}

/** Null when every pixel decodes; a picture cut short shows its head as if it were whole. */
async function decodeFully(bytes: Buffer): Promise<string | null> {
  try {
    await sharp(bytes, { limitInputPixels: maxStillPixels, failOn: 'error' }).stats();
    return null;
  } catch (error) {
    return `The picture is damaged: ${firstLine(error)}.`;
  }
}

function refuse(mimeType: string, extension: string, problem: string): StillInspection {
  return { mimeType, extension, width: 0, height: 0, animated: false, problem };
}
