import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EncounterId } from '@cloud-hospital/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
// The file itself: the package's entry needs a browser's types.
import type { CallState } from '../../packages/call/src/callState.types.ts';
import type { SignedIn } from './callDistrict.ts';

const ROOT = fileURLToPath(new URL('../../packages/call/testPage/', import.meta.url));

/**
 * The page of packages/call/testPage and, under the same origin, the sockets of a signaling replica: what HAProxy is
 * to a deployment. Sockets can be cut, refused, and sent to another replica.
 */
export class CallOrigin {
  /** Where new sockets go; `null`: nowhere. */
  target: string | null;
  readonly #directory: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(directory: string, target: string) {
    this.#directory = directory;
    this.target = target;
    this.#server = createServer((request, response) => {
      this.#file(request).then(
        ({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
        () => response.writeHead(404).end(),
      );
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.#pass(request, socket, head),
    );
  }

  /** Builds the page. @param target address of a replica */
  static async start(target: string): Promise<CallOrigin> {
    const directory = await mkdtemp(join(tmpdir(), 'call-page-'));
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      build: { outDir: directory, emptyOutDir: true, target: 'es2024', minify: false },
    });
    const origin = new CallOrigin(directory, target);
    await new Promise<void>((resolve) => origin.#server.listen(0, '127.0.0.1', resolve));
    return origin;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  /**
   * Opens one side of a call in a browser, in a profile of its own.
   * @param codec what it sends; what the machine encodes best by default
   */
  async open(browser: Browser, who: SignedIn, encounterId: EncounterId, codec?: 'VP8' | 'H264'): Promise<CallSide> {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    await context.addCookies(
      who.cookie.split('; ').map((cookie) => {
        const [name = '', ...value] = cookie.split('=');
        return { name, value: value.join('='), url: this.url };
      }),
    );
    return this.openTab(context, who, encounterId, codec);
  }

  /** Another tab of the same profile. */
  async openTab(
    context: BrowserContext,
    who: SignedIn,
    encounterId: EncounterId,
    codec?: 'VP8' | 'H264',
  ): Promise<CallSide> {
    const side = new CallSide(await context.newPage());
    const wanted = codec === undefined ? '' : `&codec=${codec}`;
    await side.page.goto(`${this.url}/?face=${who.face}&encounter=${encounterId}${wanted}`);
    return side;
  }

  /** Cuts every socket as a network does: without a word. */
  cutSockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cutSockets();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #file({ url = '/' }: IncomingMessage): Promise<{ type: string; body: Buffer }> {
    const { pathname } = new URL(url, this.url);
    const name = pathname === '/' ? 'index.html' : pathname;
    return {
      type: name.endsWith('.js') ? 'text/javascript' : 'text/html',
      body: await readFile(join(this.#directory, name)),
    };
  }

  #pass(request: IncomingMessage, near: Socket, head: Buffer): void {
    if (this.target === null) {
      near.destroy();
      return;
    }
    const { hostname, port } = new URL(this.target);
    const far = connect(Number(port), hostname);
    const headers = request.rawHeaders.flatMap((value, index, all) =>
      index % 2 === 0 ? `${value}: ${all[index + 1]}` : [],
    );
    far.write([`${request.method} ${request.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
    far.write(head);
    near.pipe(far).pipe(near);
    this.#sockets.add(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.#sockets.delete(near);
      });
    }
  }
}

/** One side of a call in a real browser, seen through `callPage` in the page. */
export class CallSide {
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Calls a function of the page's `callPage`. */
  ask<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(`callPage.${expression}`);
  }

  state(): Promise<CallState> {
    return this.ask<CallState>('state()');
  }

  /**
   * Waits until an expression over `state` holds in the page, e.g. `state.phase === 'connected'`.
   * @throws Error that shows the state as it is instead
   */
  async until(expression: string, timeout = 20_000): Promise<void> {
    const holds = `(() => { const state = globalThis.callPage?.state(); return state !== undefined && (${expression}); })()`;
    try {
      await this.page.waitForFunction(holds, undefined, { timeout, polling: 25 });
    } catch (cause) {
      const state = await this.page.evaluate('globalThis.callPage?.state() ?? null');
      throw new Error(`not so: ${expression}\n${JSON.stringify({ state, errors: this.errors }, null, 1)}`, { cause });
    }
  }

  /** Waits for a frame of the other side later than the ones seen so far. */
  async nextFrame(timeout = 20_000): Promise<void> {
    const last = await this.ask<number>('lastFrameAt()');
    await this.page.waitForFunction(`callPage.lastFrameAt() > ${last}`, undefined, { timeout, polling: 25 });
  }
}
