// The only face of the Studio that listens: the door first, then the session, then the routes. Everything that leaves
// carries the security headers, refusals and failures included.
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { uploadPath } from '../../src-shared/api/media-urls.ts';
import type { StudioServices } from '../api/studio-services.ts';
import type { Logger } from '../platform/logger.ts';
import { answerError, answerPage, answerThrown, wantsPage } from './answer-error.ts';
import { refusalOf } from './guards.ts';
import { createMediaRoutes } from './media-routes.ts';
import { createRpcRoutes } from './rpc-mount.ts';
import { secureHeaders } from './security-headers.ts';
import type { Session } from './session.ts';
import { serveRenderer } from './static-renderer.ts';
import { createUploadRoutes } from './upload-routes.ts';

export interface HttpAppOptions {
  studio: StudioServices;
  session: Session;
  /** the port that it listens on; known once it does */
  port: () => number;
  /** folder of the built renderer */
  rendererFolder: string;
  version: string;
  logger: Logger;
  /** told after a one-time code was used */
  onEntered?: () => void;
}

/** The HTTP app: `app.fetch` answers a Request. */
export function createHttpApp(options: HttpAppOptions): Hono {
  const { studio, logger } = options;
  const app = new Hono();
  app.use('*', async (c, next) => {
    await next();
    secureHeaders(c.res.headers);
  });
  app.use('*', async (c, next) => {
    const request = c.req.raw;
    const header = (name: string) => request.headers.get(name) ?? undefined;
    const facts = { host: header('host'), origin: header('origin'), fetchSite: header('sec-fetch-site') };
    const refusal = refusalOf({ method: request.method, ...facts }, options.port());
    if (refusal === null) return next();
    const { status, message, hint } = refusal;
    return answerError(status, { code: 'session.refused', message, data: { hint, retry: false } });
  });
  app.get('/enter', (c) => enter(c.req.raw, options));
  app.use('*', async (c, next) => {
    const { session, port } = options;
    return session.isToken(getCookie(c, session.cookieName(port()))) ? next() : refuseStranger(c.req.raw);
  });
  app.route('/media', createMediaRoutes(studio));
  app.route(uploadPath, createUploadRoutes(studio));
  app.route('/', createRpcRoutes({ studio, logger, version: options.version }));
  app.get('*', (c) => serveRenderer(c.req.raw, options.rendererFolder));
  app.onError((error, c) => answerThrown(error, `${c.req.method} ${c.req.path}`, logger));
  return app;
}

/** Exchanges a one-time code for the session cookie. Only GET does: a HEAD (a preview) leaves the code whole. */
function enter(request: Request, { session, port, onEntered }: HttpAppOptions): Response {
  const code = new URL(request.url).searchParams.get('code') ?? '';
  if (request.method !== 'GET' || !session.redeem(code)) {
    return answerPage(
      401,
      'This link does not open',
      'It has been used, or is not one of this Studio. Use the newest link that the terminal shows.',
    );
  }
  onEntered?.();
  return new Response(null, {
    status: 303,
    headers: { Location: '/', 'Set-Cookie': session.setCookieHeader(port()), 'Cache-Control': 'no-store' },
  });
}

function refuseStranger(request: Request): Response {
  const message = 'This window is not signed in.';
  const hint = 'Use the link that the terminal shows, or open Circletake again.';
  if (wantsPage(request)) return answerPage(401, 'Not signed in', hint);
  return answerError(401, { code: 'session.refused', message, data: { hint, retry: false } });
}
