import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import {
  LinkFrame,
  type SfuNotificationData,
  type SfuNotificationName,
  type SfuRequestInput,
  type SfuRequestName,
  type SfuResponseData,
  sfuNotifications,
  sfuRequests,
} from '@cloud-hospital/protocol/sfu';
import { WebSocket } from 'ws';
import type { z } from 'zod';

/** The contract's maps, typed so that a generic name finds its own schema. */
const requests: { [Name in SfuRequestName]: { response: z.ZodType<SfuResponseData<Name>> } } = sfuRequests;
const notifications: { [Name in SfuNotificationName]: z.ZodType<SfuNotificationData<Name>> } = sfuNotifications;

export type ControlLinkClientOptions = {
  readonly secret: string;
  readonly replicaId?: string;
  /** False to play a replica that hangs: it answers no ping. */
  readonly answersPings?: boolean;
};

type Received = { readonly name: string; readonly data: unknown };
type Waiter = { readonly matches: (received: Received) => boolean; readonly resolve: (received: Received) => void };

const hmac = (secret: string, nonce: string, id: string): string =>
  createHmac('sha256', secret)
    .update(nonce + id)
    .digest('hex');

/** The replica's end of the control link, as small as tests need it: requests, notifications, nothing retried. */
export class ControlLinkClient {
  readonly replicaId: string;
  /** Resolves with the close code once the socket is closed. */
  readonly closed: Promise<number>;
  /** All notifications so far, oldest first. */
  readonly notifications: Received[] = [];
  readonly #socket: WebSocket;
  readonly #options: ControlLinkClientOptions;
  readonly #pending = new Map<number, { resolve: (data: unknown) => void; reject: (error: Error) => void }>();
  readonly #waiters = new Set<Waiter>();
  readonly #welcomed = Promise.withResolvers<void>();
  readonly #nonce = randomBytes(32).toString('hex');
  #nodeId = '';
  #requestId = 0;

  private constructor(url: string, options: ControlLinkClientOptions) {
    this.#options = options;
    this.replicaId = options.replicaId ?? randomUUID();
    this.#socket = new WebSocket(url);
    const { promise, resolve } = Promise.withResolvers<number>();
    this.closed = promise;
    this.#socket.on('message', (data: Buffer) => {
      this.#receive(LinkFrame.parse(JSON.parse(data.toString('utf8'))));
    });
    this.#socket.on('close', (code) => {
      const error = new Error(`link closed with ${code}`);
      this.#welcomed.reject(error);
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
      resolve(code);
    });
    this.#socket.on('error', (error) => {
      this.#welcomed.reject(error);
    });
  }

  /**
   * Opens a link and proves both ends to each other.
   *
   * @throws Error when the node closes instead of welcoming, or its own proof is wrong
   */
  static async connect(url: string, options: ControlLinkClientOptions): Promise<ControlLinkClient> {
    const client = new ControlLinkClient(url, options);
    await client.#welcomed.promise;
    return client;
  }

  /** @throws AppError with the node's code */
  async request<Name extends SfuRequestName>(name: Name, data: SfuRequestInput<Name>): Promise<SfuResponseData<Name>> {
    const answer = await this.requestUnchecked(name, data);
    return requests[name].response.parse(answer);
  }

  /** Sends whatever it is given, for what no typed caller would send. */
  requestUnchecked(name: unknown, data: unknown): Promise<unknown> {
    this.#requestId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(this.#requestId, { resolve, reject });
    this.sendRaw(JSON.stringify({ type: 'request', requestId: this.#requestId, name, data }));
    return promise;
  }

  sendRaw(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  /** Resolves with the first notification of that name, past or future, that the predicate accepts. */
  async notification<Name extends SfuNotificationName>(
    name: Name,
    accepts: (data: SfuNotificationData<Name>) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<SfuNotificationData<Name>> {
    const parse = (data: unknown): SfuNotificationData<Name> => notifications[name].parse(data);
    const matches = (received: Received): boolean => received.name === name && accepts(parse(received.data));
    const past = this.notifications.find(matches);
    if (past !== undefined) return parse(past.data);
    const { promise, resolve, reject } = Promise.withResolvers<Received>();
    const waiter = { matches, resolve };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => {
      const heard = this.notifications.map((received) => received.name).join(', ');
      reject(new Error(`no ${name} within ${timeoutMs} ms; heard: ${heard}`));
    }, timeoutMs);
    try {
      return parse((await promise).data);
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    }
  }

  /** Names of the notifications heard so far. */
  get heard(): string[] {
    return this.notifications.map(({ name }) => name);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  #receive(frame: LinkFrame): void {
    const { secret } = this.#options;
    switch (frame.type) {
      case 'hello': {
        this.#nodeId = frame.nodeId;
        const proof = hmac(secret, frame.nonce, this.replicaId);
        this.sendRaw(JSON.stringify({ type: 'authenticate', replicaId: this.replicaId, nonce: this.#nonce, proof }));
        return;
      }
      case 'welcome':
        if (frame.proof === hmac(secret, this.#nonce, this.#nodeId)) this.#welcomed.resolve();
        else this.#welcomed.reject(new Error('the node could not prove itself'));
        return;
      case 'ping':
        if (this.#options.answersPings !== false) {
          this.sendRaw(JSON.stringify({ type: 'pong', sequence: frame.sequence }));
        }
        return;
      case 'response':
        this.#pending.get(frame.requestId)?.resolve(frame.data);
        this.#pending.delete(frame.requestId);
        return;
      case 'failure':
        this.#pending.get(frame.requestId)?.reject(new AppError(frame.error.code, frame.error.details));
        this.#pending.delete(frame.requestId);
        return;
      case 'notification': {
        const received = { name: frame.name, data: frame.data };
        this.notifications.push(received);
        for (const { matches, resolve } of this.#waiters) if (matches(received)) resolve(received);
        break;
      }
      default:
        // A node says nothing else; what it says wrongly is for the tests of the contract.
        break;
    }
  }
}
