import { Hono } from 'hono';
import type { StudioServices } from '../api/studio-services.ts';
import { drainBody } from './drain-body.ts';

/** POST the bytes; the answer is the receipt with the id and the hash. A client that leaves leaves nothing behind. */
export function createUploadRoutes(studio: StudioServices): Hono {
  const routes = new Hono();
  routes.post('/', async (c) => {
    const request = c.req.raw;
    const length = request.headers.get('content-length');
    const declaredBytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
    const file = { fileName: readFileName(request.headers.get('x-file-name')), declaredBytes };
    try {
      return c.json(await studio.uploads.receive(file, bodyOf(request), request.signal));
    } catch (error) {
      await drainBody(request);
      throw error;
    }
  });
  return routes;
}

/** A body that breaks off is a client that left: a cancel, not a failure of ours. */
async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  try {
    yield* (request.body as ReadableStream<Uint8Array>).values({ preventCancel: true });
  } catch (cause) {
    throw new DOMException('The upload was broken off.', { name: 'AbortError', cause });
  }
}

/** The header carries the URI-encoded name; one that cannot be read is only a label lost. */
function readFileName(header: string | null): string {
  try {
    return decodeURIComponent(header ?? '');
  } catch {
    return '';
  }
}
