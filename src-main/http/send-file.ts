// Sends a file or a part of it: ranges, conditional requests, HEAD. It owns the file handle from open to the last byte,
// the client's leaving, or an error; a chunk is read only when the one before has been taken.
import { constants, type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../platform/app-error.ts';
import { toFileError } from '../platform/atomic-file.ts';
import { type ByteRange, readRange } from './byte-range.ts';

export interface FileToSend {
  path: string;
  mimeType: string;
  /** names the bytes; null when they may change under the same address */
  etag: string | null;
  cacheControl: string;
}

const chunkBytes = 256 * 1024;
/** Types that a browser shows without running anything in them; SVG, HTML and all the rest are only downloaded. */
const inlineTypes = /^(image\/(png|jpeg|webp|gif|avif|bmp)|video\/[\w.+-]+|audio\/[\w.+-]+)$/;

/** Answers GET and HEAD for a file. Throws file.missing, file.unreadable. */
export async function sendFile(request: Request, file: FileToSend): Promise<Response> {
  const handle = await openForReading(file.path);
  try {
    const { size } = await handle.stat();
    const plan = planAnswer(request, file, size);
    const { status, headers, range } = plan;
    if (range === null || request.method === 'HEAD' || range.end < range.start) {
      await handle.close();
      return new Response(null, { status, headers });
    }
    return new Response(readChunks(handle, range), { status, headers });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface AnswerPlan {
  status: 200 | 206 | 304 | 416;
  headers: Headers;
  range: ByteRange | null;
}

function planAnswer(request: Request, file: FileToSend, size: number): AnswerPlan {
  const headers = new Headers({ 'Accept-Ranges': 'bytes', 'Cache-Control': file.cacheControl });
  const etag = file.etag === null ? null : `"${file.etag}"`;
  if (etag !== null) headers.set('ETag', etag);
  if (etag !== null && matchesAny(request.headers.get('if-none-match'), etag)) {
    return { status: 304, headers, range: null };
  }
  headers.set('Content-Type', inlineTypes.test(file.mimeType) ? file.mimeType : 'application/octet-stream');
  if (!inlineTypes.test(file.mimeType)) headers.set('Content-Disposition', 'attachment');

  const asked = request.method === 'GET' && rangeStillMeant(request, etag) ? request.headers.get('range') : null;
  const answer = readRange(asked ?? undefined, size);
  if (answer.kind === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${size}`);
    return { status: 416, headers, range: null };
  }
  if (answer.kind === 'whole') {
    headers.set('Content-Length', String(size));
    return { status: 200, headers, range: { start: 0, end: size - 1 } };
  }
  const { start, end } = answer.range;
  headers.set('Content-Length', String(end - start + 1));
  headers.set('Content-Range', `bytes ${start}-${end}/${size}`);
  return { status: 206, headers, range: answer.range };
}

function matchesAny(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

/** If-Range: the range is meant for these bytes alone; a date or another tag asks for the whole file. */
function rangeStillMeant(request: Request, etag: string | null): boolean {
  const header = request.headers.get('if-range');
  return header === null || header.trim() === etag;
}

async function openForReading(path: string): Promise<FileHandle> {
  // O_NONBLOCK: a fifo with a take's name must not hold a thread for ever
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  const stats = await handle.stat();
  if (stats.isFile()) return handle;
  await handle.close();
  throw new AppError({ code: 'file.missing', message: 'There is no file at this address.', detail: { path } });
}

function readChunks(handle: FileHandle, range: ByteRange): ReadableStream<Uint8Array> {
  let position = range.start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const wanted = Math.min(chunkBytes, range.end + 1 - position);
          const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, position);
          // The file became shorter under us: a short body with an error, never padding.
          if (bytesRead === 0) throw new Error('the file ended before the range that was promised');
          position += bytesRead;
          controller.enqueue(buffer.subarray(0, bytesRead));
          if (position > range.end) {
            await handle.close();
            controller.close();
          }
        } catch (error) {
          await handle.close();
          controller.error(error);
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 1 },
  );
}
