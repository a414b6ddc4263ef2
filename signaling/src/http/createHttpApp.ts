import { randomUUID } from 'node:crypto';
import { Face, FACE_HEADER, IDEMPOTENCY_HEADER, AppError, ERROR_STATUS } from '@cloud-hospital/protocol';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { BodyLimitPlugin } from '@orpc/server/node';
import type { Queue } from 'bullmq';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Services } from '../Services.ts';
import { toAppError } from './errors.ts';
import { serveJobBoard } from './jobBoard.ts';
import { openApiDocument } from './openapi.ts';
import { assertSameOrigin, publicOriginOf } from './origin.ts';
import type { RequestContext } from './procedures.ts';
import { createSignInLimiter } from './rateLimit.ts';
import { router } from './router.ts';
import { securityHeaders } from './securityHeaders.ts';
import { serveWebApps } from './webApps.ts';

/** Largest JSON body. Files travel by resumable upload, never here. Bytes. */
const MAX_BODY_BYTES = 64 * 1024;
const IDEMPOTENCY_KEY = /^[\w-]{8,128}$/;

export interface HttpDependencies {
  readonly services: Services;
  /** 503 from `/healthz` while false, so that a proxy sends nobody here. */
  readonly isReady: () => Promise<boolean>;
  /** BullMQ's, once the jobs run. */
  readonly jobQueue?: () => Queue | undefined;
}

const header = (request: Request, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

function sendError(response: express.Response, error: AppError): void {
  response.status(ERROR_STATUS[error.code]).json({
    defined: true,
    code: error.code,
    status: ERROR_STATUS[error.code],
    message: error.code,
    data: error.details,
  });
}

async function requestContext(services: Services, request: Request, setCookies: string[]): Promise<RequestContext> {
  const face = Face.safeParse(header(request, FACE_HEADER) ?? 'resident');
  if (!face.success) throw new AppError('BAD_REQUEST', { field: FACE_HEADER });
  const idempotencyKey = header(request, IDEMPOTENCY_HEADER);
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new AppError('BAD_REQUEST', { field: IDEMPOTENCY_HEADER });
  }
  const { actor, device } = await services.sessions.resolve(request.headers.cookie, face.data);
  return {
    services,
    requestId: typeof request.id === 'string' ? request.id : randomUUID(),
    face: face.data,
    actor,
    device,
    idempotencyKey,
    address: request.ip ?? '',
    publicOrigin: publicOriginOf(services.config, request),
    setCookies,
  };
}

/** Express with everything but sockets. Nothing listens here. */
export function createHttpApp({ services, isReady, jobQueue = () => undefined }: HttpDependencies): Express {
  const { config, log, metrics } = services;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.TRUSTED_PROXIES === '' ? false : config.TRUSTED_PROXIES.split(','));
  app.use(
    pinoHttp({
      logger: log,
      genReqId: (_request, response) => {
        const id = randomUUID();
        response.setHeader('X-Request-Id', id);
        return id;
      },
      // Paths and statuses only: no query (search words), no headers (cookies).
      serializers: {
        req: (request: { id: string; method: string; url: string }) => ({
          id: request.id,
          method: request.method,
          path: request.url.split('?')[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      },
      customLogLevel: (_request, response, error) =>
        error !== undefined || response.statusCode >= 500 ? 'warn' : 'debug',
    }),
  );
  app.use(securityHeaders(config));

  app.get('/healthz', async (_request, response) => {
    const ready = await isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable', replicaId: config.REPLICA_ID });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  app.get('/api/openapi.json', async (_request, response) => {
    response.json(await openApiDocument());
  });

  const limitSignIn = createSignInLimiter(services);
  const handler = new OpenAPIHandler<RequestContext>(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
  });
  const serveApi: RequestHandler = async (request, response, next) => {
    assertSameOrigin(config, request);
    await limitSignIn(request);
    const setCookies: string[] = [];
    const context = await requestContext(services, request, setCookies);
    response.setHeader('Cache-Control', 'no-store');
    // The handler writes the head itself; cookies that handlers collect must be there by then.
    const writeHead = response.writeHead.bind(response);
    Object.assign(response, {
      writeHead: (...args: Parameters<typeof response.writeHead>) => {
        for (const cookie of setCookies) response.appendHeader('Set-Cookie', cookie);
        return writeHead(...args);
      },
    });
    const { matched } = await handler.handle(request, response, { prefix: '/api', context });
    if (!matched) next(new AppError('NOT_FOUND'));
  };
  app.use('/api', (request, response, next) => {
    // Express strips the mount path; the handler wants the whole one.
    request.url = request.originalUrl;
    Promise.resolve(serveApi(request, response, next)).catch(next);
  });

  serveJobBoard(app, services, jobQueue);
  serveWebApps(app, config);

  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    const known = toAppError(error);
    if (known.code === 'INTERNAL') log.error({ err: error, requestId: request.id }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    sendError(response, known);
  };
  app.use(onError);
  return app;
}
