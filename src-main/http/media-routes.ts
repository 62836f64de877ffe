// Bytes of takes, heroes and uploads, addressed by id or hash as src-shared/api/media-urls.ts builds the addresses. A path
// never comes from a request; where a file is, and that it is inside its project, is the Studio's to say.
import { Hono } from 'hono';
import { z } from 'zod';
import { type MediaView, mediaViews } from '../../src-shared/api/media-urls.ts';
import { projectIdSchema, takeIdSchema } from '../../src-shared/domain/ids.ts';
import type { MediaFile, StudioServices } from '../api/studio-services.ts';
import { answerNotFound } from './answer-error.ts';
import { type FileToSend, sendFile } from './send-file.ts';
import { typeOfFile } from './type-of-bytes.ts';

const forEver = 'private, max-age=31536000, immutable';
const askAgain = 'private, no-cache';

const takeAddress = z.object({ projectId: projectIdSchema, takeId: takeIdSchema, view: z.enum(mediaViews) });
const refAddress = z.object({ projectId: projectIdSchema, hex: z.string().regex(/^[0-9a-f]{64}$/) });
const uploadAddress = z.object({ uploadId: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/) });

/** Routes below /media. */
export function createMediaRoutes(studio: StudioServices): Hono {
  const routes = new Hono();
  routes.get('/:projectId/takes/:takeId/:view', async (c) => {
    const address = takeAddress.safeParse(c.req.param());
    if (!address.success) return answerNotFound();
    const { projectId, takeId, view } = address.data;
    const media = await studio.project(projectId).media.take(takeId, view);
    return sendFile(c.req.raw, takeFile(media, view, c.req.query('h')));
  });
  routes.get('/:projectId/refs/:hex', async (c) => {
    const address = refAddress.safeParse(c.req.param());
    if (!address.success) return answerNotFound();
    const media = await studio.project(address.data.projectId).media.ref(`sha256:${address.data.hex}`);
    return sendFile(c.req.raw, { ...media, cacheControl: forEver });
  });
  routes.get('/uploads/:uploadId', async (c) => {
    const address = uploadAddress.safeParse(c.req.param());
    if (!address.success) return answerNotFound();
    const { path } = studio.uploads.find(address.data.uploadId);
    const file = { path, mimeType: await typeOfFile(path), etag: null, cacheControl: 'private, no-store' };
    return sendFile(c.req.raw, file);
  });
  return routes;
}

/** An original may be kept for ever only under an address that names its hash. */
function takeFile(media: MediaFile, view: MediaView, hash: string | undefined): FileToSend {
  const names = view === 'original' ? hash !== undefined && media.etag.startsWith(hash) : hash !== undefined;
  return { ...media, cacheControl: names && /^[0-9a-f]{12}$/.test(hash ?? '') ? forEver : askAgain };
}
