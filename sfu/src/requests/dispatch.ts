import { AppError, type Result } from '@cloud-hospital/protocol';
import { type SfuRequestName, sfuRequests } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { ZodError, type z } from 'zod';
import type { Metrics } from '../metrics.ts';
import type { RequestContext } from './context.ts';
import * as lineTest from './lineTest.handlers.ts';
import * as media from './media.handlers.ts';
import * as node from './node.handlers.ts';
import * as peer from './peer.handlers.ts';
import * as recording from './recording.handlers.ts';
import * as transport from './transport.handlers.ts';

/** Shorter than a replica waits. No worker takes this long unless it hangs; then it is killed, but the asker need not wait for that. Milliseconds. */
const REQUEST_TIMEOUT_MS = 3_500;

type Run = (data: unknown, context: RequestContext) => Promise<unknown>;

/** Parses at the boundary, so that a handler sees nothing but typed data. */
function handling<Request extends z.ZodType, Response>(
  definition: { readonly request: Request; readonly response: z.ZodType<Response> },
  handler: (request: z.output<Request>, context: RequestContext) => Response | Promise<Response>,
): Run {
  return async (data, context) => handler(definition.request.parse(data), context);
}

/** One entry for each request of the contract: a missing one doesn't compile. */
const handlers: { readonly [Name in SfuRequestName]: Run } = {
  'peer:join': handling(sfuRequests['peer:join'], peer.joinPeer),
  'peer:attach': handling(sfuRequests['peer:attach'], peer.attachPeer),
  'peer:set-capabilities': handling(sfuRequests['peer:set-capabilities'], peer.setCapabilities),
  'peer:set-rights': handling(sfuRequests['peer:set-rights'], peer.setRights),
  'peer:close': handling(sfuRequests['peer:close'], peer.closePeer),
  'peer:stats': handling(sfuRequests['peer:stats'], peer.getPeerStats),
  'room:close': handling(sfuRequests['room:close'], node.closeRoom),
  'transport:create': handling(sfuRequests['transport:create'], transport.createTransport),
  'transport:connect': handling(sfuRequests['transport:connect'], transport.connectTransport),
  'transport:restart-ice': handling(sfuRequests['transport:restart-ice'], transport.restartIce),
  'producer:create': handling(sfuRequests['producer:create'], media.createProducer),
  'producer:pause': handling(sfuRequests['producer:pause'], media.pauseProducer),
  'producer:resume': handling(sfuRequests['producer:resume'], media.resumeProducer),
  'producer:close': handling(sfuRequests['producer:close'], media.closeProducer),
  'consumer:resume': handling(sfuRequests['consumer:resume'], media.resumeConsumer),
  'consumer:pause': handling(sfuRequests['consumer:pause'], media.pauseConsumer),
  'consumer:set-layers': handling(sfuRequests['consumer:set-layers'], media.setConsumerLayers),
  'consumer:request-key-frame': handling(sfuRequests['consumer:request-key-frame'], media.requestKeyFrame),
  'line-test:start': handling(sfuRequests['line-test:start'], lineTest.startLineTest),
  'line-test:connect': handling(sfuRequests['line-test:connect'], lineTest.connectLineTest),
  'line-test:loop': handling(sfuRequests['line-test:loop'], lineTest.loopLineTest),
  'line-test:end': handling(sfuRequests['line-test:end'], lineTest.endLineTest),
  'recording:start': handling(sfuRequests['recording:start'], recording.startRecording),
  'recording:stop': handling(sfuRequests['recording:stop'], recording.stopRecording),
  'node:inventory': handling(sfuRequests['node:inventory'], node.getInventory),
  'node:drain': handling(sfuRequests['node:drain'], node.drainNode),
};

const isRequestName = (name: string): name is SfuRequestName => Object.hasOwn(handlers, name);

/**
 * Answers one request of an authenticated replica.
 *
 * @returns the handler's data or a coded error: BAD_REQUEST for unknown names and data that doesn't parse, TIMEOUT when
 * a worker doesn't answer, INTERNAL (with the cause in the log) for our own mistakes. Never rejects.
 */
export async function dispatch(
  name: string,
  data: unknown,
  context: RequestContext,
  metrics: Metrics,
  logger: Logger,
): Promise<Result<unknown>> {
  if (!isRequestName(name)) {
    metrics.requests.inc({ name: 'unknown', code: 'BAD_REQUEST' });
    return { ok: false, error: { code: 'BAD_REQUEST', details: { reason: 'unknown request' } } };
  }
  const endTimer = metrics.requestSeconds.startTimer({ name });
  try {
    const answer = await withTimeout(handlers[name](data, context));
    metrics.requests.inc({ name, code: 'OK' });
    return { ok: true, data: answer };
  } catch (error) {
    const refusal = errorOf(error);
    metrics.requests.inc({ name, code: refusal.code });
    if (refusal.code === 'INTERNAL') logger.error({ request: name, err: error }, 'request failed');
    else logger.debug({ request: name, code: refusal.code, err: error }, 'request refused');
    return {
      ok: false,
      error: { code: refusal.code, ...(refusal.details === undefined ? {} : { details: refusal.details }) },
    };
  } finally {
    endTimer();
  }
}

function errorOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) {
    const fields = error.issues.slice(0, 5).map(({ path }) => path.join('.'));
    return new AppError('BAD_REQUEST', { fields });
  }
  return new AppError('INTERNAL');
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new AppError('TIMEOUT'));
  }, REQUEST_TIMEOUT_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
