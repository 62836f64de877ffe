import { Hono } from 'hono';
import type { StudioServices } from '../api/studio-services.ts';

/** POST the bytes; the answer is the receipt with the id and the hash. A client that leaves leaves nothing behind. */
export function createUploadRoutes(studio: StudioServices): Hono {
  const routes = new Hono();
  routes.post('/', async (c) => {
    const request = c.req.raw;
    const length = request.headers.get('content-length');
    const declaredBytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
    const file = { fileName: readFileName(request.headers.get('x-file-name')), declaredBytes };
    const receipt = await studio.uploads.receive(file, bodyOf(request), request.signal);
    return c.json(receipt);
  });
  return routes;
}

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body as ReadableStream<Uint8Array>;
}

/** The header carries the URI-encoded name; one that cannot be read is only a label lost. */
function readFileName(header: string | null): string {
  try {
    return decodeURIComponent(header ?? '');
  } catch {
    return '';
  }
}
