import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Result } from '@cloud-hospital/protocol';
import { LINK_CLOSE_CODE } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { inBackground } from '../inBackground.ts';
import type { Metrics } from '../metrics.ts';
import { ControlLink } from './ControlLink.ts';
import type { LinkRegistry } from './LinkRegistry.ts';

export type ControlServerOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly nodeId: string;
  readonly incarnation: string;
  readonly secret: string;
  readonly links: LinkRegistry;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly answer: (replicaId: string, name: string, data: unknown) => Promise<Result<unknown>>;
  /** A new replica has proven itself and got its `welcome`. */
  readonly onLinked: (replicaId: string) => void;
  readonly health: () => { readonly healthy: boolean; readonly body: Readonly<Record<string, unknown>> };
};

/** RTP parameters of six encodings are some 10 KB. Bytes. */
const MAX_FRAME_BYTES = 256 * 1024;
/** Sockets without proof at one time; replicas are few and quick. */
const MAX_STRANGERS = 64;

/** The control port: WebSocket links of the replicas, and `/metrics` and `/healthz` for operators. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  /** Links that have not proven themselves. */
  readonly #strangers = new Set<ControlLink>();
  #closed = false;

  private constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#http = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 });
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
    this.#http.on('request', this.#onRequest);
    this.#http.on('upgrade', this.#onUpgrade);
  }

  /** @throws Error when the port is taken */
  static async listen(options: ControlServerOptions): Promise<ControlServer> {
    const server = new ControlServer(options);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.#http.once('error', reject);
    server.#http.listen(options.port, options.host, resolve);
    await promise;
    server.#http.off('error', reject);
    server.#http.on('error', server.#onError);
    return server;
  }

  get port(): number {
    return portOf(this.#http.address());
  }

  /** Closes all links and the port; idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#http.close(() => {
      resolve();
    });
    for (const link of [...this.#options.links.all, ...this.#strangers]) link.close(1001, 'node ends');
    // Sockets that don't agree to close within a moment are cut.
    const cut = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      this.#http.closeAllConnections();
    }, 500);
    this.#http.closeIdleConnections();
    await promise;
    clearTimeout(cut);
    this.#http.off('request', this.#onRequest);
    this.#http.off('upgrade', this.#onUpgrade);
    this.#http.off('error', this.#onError);
  }

  readonly #onError = (error: Error): void => {
    this.#options.logger.error({ err: error }, 'control port');
  };

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    inBackground(this.#respond(request, response), this.#options.logger);
  };

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { health, metrics, logger } = this.#options;
    try {
      if (request.method !== 'GET') {
        response.writeHead(405).end();
      } else if (request.url === '/healthz') {
        const { healthy, body } = health();
        response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      } else if (request.url === '/metrics') {
        const text = await metrics.registry.metrics();
        response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
      } else {
        response.writeHead(404).end();
      }
    } catch (error) {
      logger.error({ err: error }, 'scrape failed');
      response.destroy();
    }
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const onSocketError = (error: Error): void => {
      this.#options.logger.debug({ err: error }, 'upgrade broke off');
    };
    socket.on('error', onSocketError);
    // Browsers send Origin, replicas don't: no page may open a link, not even to try proofs.
    const refused = request.headers.origin !== undefined || this.#strangers.size >= MAX_STRANGERS || this.#closed;
    if (refused) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onSocketError);
      this.#welcome(webSocket);
    });
  };

  #welcome(socket: WebSocket): void {
    const { nodeId, incarnation, secret, links, metrics, logger, answer, onLinked } = this.#options;
    const link = new ControlLink({
      socket,
      nodeId,
      incarnation,
      secret,
      logger,
      answer,
      onAuthenticated: (authenticated, replicaId) => {
        this.#strangers.delete(authenticated);
        const older = links.add(replicaId, authenticated);
        older?.close(LINK_CLOSE_CODE.REPLACED, 'replaced by a newer link');
        logger.info({ replicaId }, 'replica linked');
        onLinked(replicaId);
      },
      onRefused: (reason) => {
        metrics.linksRefused.inc({ reason });
        logger.warn({ reason }, 'link refused');
      },
      onMalformedFrame: () => {
        metrics.malformedFrames.inc();
      },
      onClosed: (closed, replicaId) => {
        this.#strangers.delete(closed);
        if (replicaId === undefined) return;
        links.remove(replicaId, closed);
        logger.info({ replicaId }, 'replica gone');
      },
    });
    this.#strangers.add(link);
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('control server does not listen on a port');
  return address.port;
}
