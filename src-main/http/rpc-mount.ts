// The contract over HTTP, twice: /rpc for the renderer's typed client, /api as plain REST with its OpenAPI description
// for scripts. Both run the same router and the same mapping of errors.
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/fetch';
import type { StandardHandlerOptions } from '@orpc/server/standard';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { contract } from '../../src-shared/api/contract.ts';
import type { ApiContext } from '../api/implementer.ts';
import { toClientError } from '../api/map-errors.ts';
import { apiRouter } from '../api/router.ts';
import type { StudioServices } from '../api/studio-services.ts';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { answerNotFound } from './answer-error.ts';
import { drainBody } from './drain-body.ts';

const maxJsonBytes = 1024 * 1024;

export interface RpcMountOptions {
  studio: StudioServices;
  logger: Logger;
  version: string;
}

/** Routes /rpc/* and /api/*. */
export function createRpcRoutes({ studio, logger, version }: RpcMountOptions): Hono {
  const options = mapErrors(logger);
  const rpc = new RPCHandler(apiRouter, options);
  const rest = new OpenAPIHandler(apiRouter, options);
  let openApi: Promise<unknown> | null = null;

  const routes = new Hono();
  for (const path of ['/rpc/*', '/api/*']) {
    routes.use(path, bodyLimit({ maxSize: maxJsonBytes, onError: (c) => refuseTooMuch(c.req.raw) }));
    routes.use(path, async (c, next) => {
      if (c.req.method === 'POST' && !isJson(c.req.raw)) throw notJson();
      return next();
    });
  }
  routes.post('/rpc/*', async (c) => {
    const answer = await rpc.handle(c.req.raw, { prefix: '/rpc', context: { studio } });
    return answer.matched ? answer.response : answerNotFound();
  });
  routes.get('/api/openapi.json', async (c) => {
    openApi ??= describeApi(version);
    return c.json((await openApi) as object);
  });
  routes.post('/api/*', async (c) => {
    const answer = await rest.handle(c.req.raw, { prefix: '/api', context: { studio } });
    return answer.matched ? answer.response : answerNotFound();
  });
  return routes;
}

/**
 * Errors thrown by a procedure are mapped where they are thrown. What fails before the procedure is called is a body that
 * cannot be read, whatever its parser threw.
 */
function mapErrors(logger: Logger): StandardHandlerOptions<ApiContext> {
  const called = new WeakSet<ApiContext>();
  return {
    clientInterceptors: [
      async ({ context, path, next }) => {
        called.add(context);
        return next().catch((error: unknown) => {
          throw toClientError(error, path.join('.'), logger);
        });
      },
    ],
    interceptors: [
      async ({ context, request, next }) =>
        next().catch((error: unknown) => {
          if (called.has(context) && error instanceof ORPCError) throw error;
          const cause = called.has(context) ? error : new ORPCError('BAD_REQUEST', { cause: error });
          throw toClientError(cause, `${request.method} ${request.url.pathname}`, logger);
        }),
    ],
  };
}

/** A body must say that it is JSON: what a plain HTML form can send is refused unread. */
function isJson(request: Request): boolean {
  const type = request.headers.get('content-type');
  if (type !== null) return type.split(';')[0]?.trim().toLowerCase() === 'application/json';
  const length = request.headers.get('content-length');
  return request.body === null || length === '0';
}

function notJson(): AppError {
  return new AppError({
    code: 'input.invalid',
    message: 'The request must be JSON.',
    hint: 'Send the header Content-Type: application/json.',
  });
}

async function refuseTooMuch(request: Request): Promise<never> {
  await drainBody(request);
  throw new AppError({
    code: 'input.invalid',
    message: 'The request is too large.',
    hint: 'Send less at once; files go to the upload address.',
  });
}

function describeApi(version: string): Promise<unknown> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, { info: { title: 'Circletake', version }, servers: [{ url: '/api' }] });
}
