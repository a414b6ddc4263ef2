import { randomUUID } from 'node:crypto';
import { AppError, ERROR_STATUS } from '@cloud-hospital/protocol';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { BodyLimitPlugin } from '@orpc/server/node';
import type { Queue } from 'bullmq';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Services } from '../Services.ts';
import { serveAttachmentContent } from './attachmentContent.ts';
import { errorBody, toAppError } from './errors.ts';
import { serveJobBoard } from './jobBoard.ts';
import { openApiDocument } from './openapi.ts';
import { assertSameOrigin } from './origin.ts';
import type { RequestContext } from './procedures.ts';
import { createSignInLimiter } from './rateLimit.ts';
import { requestContext } from './requestContext.ts';
import { serveRecordingContent } from './recordingContent.ts';
import { router } from './router.ts';
import { securityHeaders } from './securityHeaders.ts';
import { serveUploads } from './uploads.ts';
import { serveWebApps } from './webApps.ts';

/** Largest JSON body. Files travel by resumable upload, never here. Bytes. */
const MAX_BODY_BYTES = 64 * 1024;

export interface HttpDependencies {
  readonly services: Services;
  /** 503 from `/healthz` while false, so that a proxy sends nobody here. */
  readonly isReady: () => Promise<boolean>;
  /** BullMQ's, once the jobs run. */
  readonly jobQueue?: () => Queue | undefined;
}

function sendError(response: express.Response, error: AppError): void {
  response.status(ERROR_STATUS[error.code]).json(errorBody(error));
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

  serveUploads(app, services);
  serveAttachmentContent(app, services);
  serveRecordingContent(app, services);

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
