import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWorker, type types } from 'mediasoup';
import { build } from 'vite';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('./page/', import.meta.url));

const Body = z.object({
  direction: z.enum(['send', 'recv']).optional(),
  kind: z.enum(['audio', 'video']).optional(),
  producerId: z.string().optional(),
  id: z.string().optional(),
  known: z.array(z.string()).optional(),
  // Straight to and from mediasoup, which checks them itself.
  dtlsParameters: z.custom<types.DtlsParameters>().optional(),
  rtpParameters: z.custom<types.RtpParameters>().optional(),
  rtpCapabilities: z.custom<types.RtpCapabilities>().optional(),
});

interface Side {
  readonly transports: Partial<Record<'send' | 'recv', types.WebRtcTransport>>;
  readonly producers: types.Producer[];
  readonly consumers: types.Consumer[];
}

export interface PlainServerOptions {
  /** Where pages and signaling are. */
  readonly address: string;
  /** Media: really there, and where browsers are told to send to. */
  readonly listenIp: string;
  readonly announcedAddress: string;
  readonly mediaPort: number;
}

/** The yardstick's other half: mediasoup as its documentation shows it. */
export class PlainServer {
  readonly url: string;
  readonly #directory: string;
  readonly #server: Server;
  readonly #worker: types.Worker;
  readonly #router: types.Router;
  readonly #media: types.WebRtcServer;
  readonly #sides = new Map<string, Side>();
  readonly #produced = new EventEmitter<{ one: [] }>().setMaxListeners(0);

  private constructor(
    url: string,
    directory: string,
    server: Server,
    media: { worker: types.Worker; router: types.Router; webRtcServer: types.WebRtcServer },
  ) {
    this.url = url;
    this.#directory = directory;
    this.#server = server;
    this.#worker = media.worker;
    this.#router = media.router;
    this.#media = media.webRtcServer;
    server.on('request', (request, response) => {
      this.#answer(request).then(
        ({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  static async start(options: PlainServerOptions): Promise<PlainServer> {
    const directory = await mkdtemp(join(tmpdir(), 'plain-page-'));
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      build: { outDir: directory, emptyOutDir: true, target: 'es2024', minify: false },
    });
    const worker = await createWorker();
    const { listenIp: ip, announcedAddress, mediaPort: port } = options;
    const webRtcServer = await worker.createWebRtcServer({
      listenInfos: [{ protocol: 'udp', ip, announcedAddress, port }],
    });
    const router = await worker.createRouter({
      mediaCodecs: [
        { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
        { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
        { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
        { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000 },
      ],
    });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, options.address, resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return new PlainServer(`http://${options.address}:${address.port}`, directory, server, {
      worker,
      router,
      webRtcServer,
    });
  }

  /** Waits until that side sends so much. */
  async hasProducers(name: string, count: number): Promise<void> {
    while ((this.#sides.get(name)?.producers.length ?? 0) < count) await once(this.#produced, 'one');
  }

  /** Whoever was here is gone, before the next two come. */
  forget(): void {
    for (const { transports } of this.#sides.values())
      for (const transport of Object.values(transports)) transport.close();
    this.#sides.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#worker.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage): Promise<{ type: string; body: string | Buffer }> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (request.method === 'GET') {
      const name = pathname === '/' ? 'index.html' : pathname;
      const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
      return { type, body: await readFile(join(this.#directory, name)) };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Body.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const name = searchParams.get('side') ?? '';
    const side = this.#sides.get(name) ?? { transports: {}, producers: [], consumers: [] };
    this.#sides.set(name, side);
    return { type: 'application/json', body: JSON.stringify((await this.#do(pathname, side, body)) ?? {}) };
  }

  async #do(what: string, side: Side, body: z.infer<typeof Body>): Promise<unknown> {
    const { direction, kind, producerId, id, known = [], dtlsParameters, rtpParameters, rtpCapabilities } = body;
    if (what === '/capabilities') return this.#router.rtpCapabilities;
    if (what === '/transport' && direction) {
      const transport = await this.#router.createWebRtcTransport({ webRtcServer: this.#media });
      side.transports[direction] = transport;
      const { iceParameters, iceCandidates } = transport;
      return { id: transport.id, iceParameters, iceCandidates, dtlsParameters: transport.dtlsParameters };
    }
    if (what === '/connect' && direction && dtlsParameters)
      return side.transports[direction]?.connect({ dtlsParameters });
    if (what === '/produce' && kind && rtpParameters) {
      const producer = await side.transports.send?.produce({ kind, rtpParameters });
      if (producer) side.producers.push(producer);
      this.#produced.emit('one');
      return { id: producer?.id };
    }
    if (what === '/producers') return this.#newProducers(side, new Set(known));
    if (what === '/consume' && producerId && rtpCapabilities) {
      const consumer = await side.transports.recv?.consume({ producerId, rtpCapabilities, paused: true });
      if (!consumer) return undefined;
      side.consumers.push(consumer);
      return { id: consumer.id, producerId, kind: consumer.kind, rtpParameters: consumer.rtpParameters };
    }
    if (what === '/resume') return side.consumers.find((consumer) => consumer.id === id)?.resume();
    throw new Error(`unknown: ${what}`);
  }

  /** Waits for others' producers that are not known there yet: nobody asks in vain, as with a socket. */
  async #newProducers(side: Side, known: ReadonlySet<string>): Promise<string[]> {
    for (;;) {
      const others = [...this.#sides.values()].filter((other) => other !== side);
      const ids = others.flatMap(({ producers }) => producers.map((producer) => producer.id));
      const fresh = ids.filter((producer) => !known.has(producer));
      if (fresh.length > 0) return fresh;
      await once(this.#produced, 'one');
    }
  }
}
