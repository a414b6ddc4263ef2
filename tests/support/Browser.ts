import { AppError, PROTOCOL_VERSION, type Result } from '@cloud-hospital/protocol';
import {
  SOCKET_PATH,
  type SocketNotificationData,
  type SocketNotificationName,
  type SocketRequestInput,
  type SocketRequestName,
  type SocketResponseData,
  socketNotifications,
  socketRequests,
} from '@cloud-hospital/protocol/socket';
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { SignedIn } from './callDistrict.ts';

export interface BrowserOptions {
  readonly instanceId?: string;
  /** What the page's origin would be; by default the server's own. */
  readonly origin?: string;
  readonly auth?: Record<string, unknown>;
}

type Heard = { readonly name: string; readonly data: unknown };

/** One tab of a browser, without media: typed requests, everything it hears kept. Does not reconnect by itself. */
export class Browser {
  readonly instanceId: string;
  readonly heard: Heard[] = [];
  readonly socket: Socket;
  /** Resolves with Socket.IO's reason. */
  readonly disconnected: Promise<string>;
  readonly #waiting = new Set<() => void>();

  private constructor(url: string, who: SignedIn | undefined, options: BrowserOptions) {
    this.instanceId = options.instanceId ?? randomUUID();
    this.socket = io(url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { origin: options.origin ?? url, ...(who === undefined ? {} : { cookie: who.cookie }) },
      auth: options.auth ?? {
        protocolVersion: PROTOCOL_VERSION,
        face: who?.face ?? 'resident',
        instanceId: this.instanceId,
      },
    });
    this.disconnected = new Promise((resolve) => this.socket.on('disconnect', resolve));
    this.socket.onAny((name: string, data: unknown) => {
      this.heard.push({ name, data });
      for (const look of this.#waiting) look();
    });
  }

  /** @throws AppError with the refusal's code, or the plain error of the transport */
  static async connect(url: string, who: SignedIn | undefined, options: BrowserOptions = {}): Promise<Browser> {
    const browser = new Browser(url, who, options);
    await new Promise<void>((resolve, reject) => {
      browser.socket.on('connect', resolve);
      browser.socket.on('connect_error', (error: Error & { data?: { code: 'UNAUTHENTICATED' } }) => {
        browser.socket.disconnect();
        reject(error.data === undefined ? error : new AppError(error.data.code));
      });
    });
    return browser;
  }

  /** @throws AppError with the server's code */
  async request<Name extends SocketRequestName>(
    name: Name,
    data: SocketRequestInput<Name>,
  ): Promise<SocketResponseData<Name>> {
    const answer = await this.ask(name, data);
    if (!answer.ok) throw new AppError(answer.error.code, answer.error.details);
    return socketRequests[name].response.parse(answer.data) as SocketResponseData<Name>;
  }

  /** Sends whatever it is given and returns the ack as it came. */
  ask(name: string, ...args: unknown[]): Promise<Result<unknown>> {
    return this.socket.timeout(8_000).emitWithAck(name, ...args) as Promise<Result<unknown>>;
  }

  /** The first notification of that name, past or future, that is accepted. */
  async hears<Name extends SocketNotificationName>(
    name: Name,
    accepts: (data: SocketNotificationData<Name>) => boolean = () => true,
    timeoutMs = 8_000,
  ): Promise<SocketNotificationData<Name>> {
    const parse = (data: unknown) => socketNotifications[name].parse(data) as SocketNotificationData<Name>;
    const find = () => this.heard.find((one) => one.name === name && accepts(parse(one.data)));
    const { promise, resolve, reject } = Promise.withResolvers<Heard>();
    const look = (): void => {
      const found = find();
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(() => {
      const all = this.heard.map((one) => `${one.name} ${JSON.stringify(one.data).slice(0, 200)}`).join('\n');
      reject(new Error(`no ${name} within ${timeoutMs} ms; heard:\n${all}`));
    }, timeoutMs);
    this.#waiting.add(look);
    look();
    try {
      return parse((await promise).data);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  count(name: SocketNotificationName): number {
    return this.heard.filter((one) => one.name === name).length;
  }

  /** As when the tab crashes: the connection is gone without a word. */
  crash(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.socket.disconnect();
  }
}
