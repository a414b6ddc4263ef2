import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import {
  LINK_CLOSE_CODE,
  LINK_DEAD_AFTER_MS,
  LINK_HEARTBEAT_INTERVAL_MS,
  LinkFrame,
  type SfuNotificationData,
  type SfuNotificationName,
  type SfuRequestInput,
  type SfuRequestName,
  type SfuResponseData,
  sfuNotifications,
  sfuRequests,
} from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';

/** One typed notification: `switch` on `name` narrows `data`. */
export type SfuNotification = {
  [Name in SfuNotificationName]: { readonly name: Name; readonly data: SfuNotificationData<Name> };
}[SfuNotificationName];

export interface SfuLinkOptions {
  /** Address of the node's control link, `ws://…` or `wss://…`. */
  readonly url: string;
  readonly secret: string;
  readonly replicaId: string;
  readonly log: Logger;
  /** Authenticated. The identity may differ from the last time: the node was restarted. */
  readonly onUp: (link: SfuLink) => void;
  /** Gone, and the first attempt to reach it again failed: it died or hangs. Told once until it is up again. */
  readonly onDead: (link: SfuLink) => void;
  readonly onNotification: (link: SfuLink, notification: SfuNotification) => void;
}

export interface NodeIdentity {
  readonly nodeId: string;
  readonly incarnation: string;
}

interface Pending {
  readonly name: SfuRequestName;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

/** From TCP connect to `welcome`. A frozen node's kernel accepts and the node says nothing. Milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 4_000;
const RECONNECT_DELAY_MS = [0, 50, 100, 200, 400] as const;
const RECONNECT_DELAY_MAX_MS = 1_000;
/** A whole inventory of a large node fits; anything bigger is not a frame of this protocol. Bytes. */
const MAX_FRAME_BYTES = 8 * 1024 * 1024;

const makeProof = (secret: string, nonce: string, id: string): string =>
  createHmac('sha256', secret).update(nonce).update(id).digest('hex');

function isProof(candidate: string, expected: string): boolean {
  const given = Buffer.from(candidate);
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const isNotification = (name: string): name is SfuNotificationName => Object.hasOwn(sfuNotifications, name);

function readNotification<Name extends SfuNotificationName>(name: Name, data: unknown): SfuNotification | undefined {
  const parsed = sfuNotifications[name].safeParse(data);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- name and schema are of one map; the compiler can't follow a generic key through zod
  return parsed.success ? ({ name, data: parsed.data } as SfuNotification) : undefined;
}

function readFrame(text: string): LinkFrame | undefined {
  try {
    return LinkFrame.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON: the caller closes the link with MALFORMED_FRAME.
    return undefined;
  }
}

/**
 * The authenticated WebSocket to one media node. Keeps itself connected until `close()`, proves both ends by the
 * shared secret, and notices a node that hangs within LINK_DEAD_AFTER_MS.
 */
export class SfuLink {
  readonly url: string;
  readonly #options: SfuLinkOptions;
  readonly #pending = new Map<number, Pending>();
  #socket: WebSocket | undefined;
  #identity: NodeIdentity | undefined;
  #up = false;
  #dead = false;
  #closed = false;
  #attempt = 0;
  #nextRequestId = 1;
  #pingSequence = 0;
  #lastHeard = 0;
  #lastTick = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #handshake: NodeJS.Timeout | undefined;

  /** Connects at once; nothing is thrown when the node isn't there yet. */
  constructor(options: SfuLinkOptions) {
    this.url = options.url;
    this.#options = options;
    this.#connect();
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Whether the node was given up since it was last up (or never came up). */
  get isDead(): boolean {
    return this.#dead;
  }

  /** Who answered last; undefined before the first handshake. */
  get identity(): NodeIdentity | undefined {
    return this.#identity;
  }

  /**
   * @returns the node's answer, parsed
   * @throws AppError MEDIA_UNAVAILABLE without a link, TIMEOUT, or the node's own coded error
   */
  async request<Name extends SfuRequestName>(
    name: Name,
    data: SfuRequestInput<Name>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<SfuResponseData<Name>> {
    const socket = this.#socket;
    if (!this.#up || socket === undefined) throw new AppError('MEDIA_UNAVAILABLE');
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    const answer = await new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(requestId);
        reject(new AppError('TIMEOUT', { request: name }));
      }, timeoutMs);
      this.#pending.set(requestId, { name, resolve, reject, timer });
      socket.send(JSON.stringify({ type: 'request', requestId, name, data }));
    });
    const parsed = sfuRequests[name].response.safeParse(answer);
    if (!parsed.success) throw new AppError('INTERNAL', { request: name }, { cause: parsed.error });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as in readNotification
    return parsed.data as SfuResponseData<Name>;
  }

  /** Ends the link; pending requests fail. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#drop(1000);
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.url, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      // One frame a turn of the event loop: whoever awaits an answer has gone on before the notification behind it is read.
      allowSynchronousEvents: false,
    });
    this.#socket = socket;
    const nonce = randomBytes(32).toString('hex');
    let claimed: NodeIdentity | undefined;
    this.#handshake = setTimeout(() => socket.terminate(), HANDSHAKE_TIMEOUT_MS);
    // Without a listener an error would end the process; 'close' always follows and is where it is handled.
    socket.on('error', (error) => this.#options.log.debug({ err: error, url: this.url }, 'control link'));
    socket.on('close', () => this.#lost(socket));
    // One Buffer a message, since the socket's `binaryType` is the default.
    socket.on('message', (raw: Buffer) => {
      if (socket !== this.#socket) return;
      const frame = readFrame(raw.toString('utf8'));
      if (frame === undefined) {
        socket.close(LINK_CLOSE_CODE.MALFORMED_FRAME);
        return;
      }
      this.#lastHeard = performance.now();
      if (this.#up) {
        this.#receive(socket, frame);
      } else if (frame.type === 'hello') {
        claimed = { nodeId: frame.nodeId, incarnation: frame.incarnation };
        const { secret, replicaId } = this.#options;
        const proof = makeProof(secret, frame.nonce, replicaId);
        socket.send(JSON.stringify({ type: 'authenticate', replicaId, nonce, proof }));
      } else if (frame.type === 'welcome' && claimed !== undefined) {
        if (isProof(frame.proof, makeProof(this.#options.secret, nonce, claimed.nodeId))) this.#opened(claimed);
        else socket.close(LINK_CLOSE_CODE.AUTHENTICATION_FAILED);
      } else {
        socket.close(LINK_CLOSE_CODE.MALFORMED_FRAME);
      }
    });
  }

  #opened(identity: NodeIdentity): void {
    clearTimeout(this.#handshake);
    this.#identity = identity;
    this.#up = true;
    this.#dead = false;
    this.#attempt = 0;
    this.#lastTick = performance.now();
    this.#heartbeat = setInterval(() => this.#beat(), LINK_HEARTBEAT_INTERVAL_MS);
    this.#options.log.info({ ...identity, url: this.url }, 'media node linked');
    this.#options.onUp(this);
  }

  #receive(socket: WebSocket, frame: LinkFrame): void {
    switch (frame.type) {
      case 'pong':
        return;
      case 'ping':
        socket.send(JSON.stringify({ type: 'pong', sequence: frame.sequence }));
        return;
      case 'response':
        this.#settle(frame.requestId)?.resolve(frame.data);
        return;
      case 'failure':
        this.#settle(frame.requestId)?.reject(new AppError(frame.error.code, frame.error.details));
        return;
      case 'notification': {
        // A newer node may say what this replica doesn't know yet.
        if (!isNotification(frame.name)) return;
        const notification = readNotification(frame.name, frame.data);
        if (notification === undefined)
          this.#options.log.warn({ name: frame.name }, 'malformed notification of a node');
        else this.#options.onNotification(this, notification);
        return;
      }
      default:
        socket.close(LINK_CLOSE_CODE.MALFORMED_FRAME);
    }
  }

  #settle(requestId: number): Pending | undefined {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return undefined;
    clearTimeout(pending.timer);
    this.#pending.delete(requestId);
    return pending;
  }

  #beat(): void {
    const now = performance.now();
    const wasHeldUp = now - this.#lastTick > 3 * LINK_HEARTBEAT_INTERVAL_MS;
    this.#lastTick = now;
    // This process itself slept: what the node said may still wait to be read, so its silence proves nothing yet.
    if (wasHeldUp) this.#lastHeard = now;
    if (now - this.#lastHeard > LINK_DEAD_AFTER_MS) {
      this.#options.log.warn({ ...this.#identity }, 'media node does not answer');
      this.#drop(LINK_CLOSE_CODE.HEARTBEAT_LOST);
      return;
    }
    this.#pingSequence += 1;
    this.#socket?.send(JSON.stringify({ type: 'ping', sequence: this.#pingSequence }));
  }

  /** Ends the present socket without waiting for a closing handshake that a hanging node would never answer. */
  #drop(code: number): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (socket.readyState === WebSocket.OPEN) socket.close(code);
    socket.terminate();
    this.#lost(socket);
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    const wasUp = this.#up;
    this.#up = false;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#handshake);
    for (const requestId of [...this.#pending.keys()])
      this.#settle(requestId)?.reject(new AppError('MEDIA_UNAVAILABLE'));
    if (this.#closed) return;
    if (!wasUp && !this.#dead) {
      this.#dead = true;
      this.#options.log.warn({ ...this.#identity, url: this.url }, 'media node given up');
      this.#options.onDead(this);
    }
    const delay = RECONNECT_DELAY_MS[this.#attempt] ?? RECONNECT_DELAY_MAX_MS;
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#connect(), delay);
  }
}
