import { AppError, AppErrorBody, type ErrorCode, type Face, PROTOCOL_VERSION } from '@cloud-hospital/protocol';
import {
  SOCKET_PATH,
  type SocketAuth,
  type SocketNotificationData,
  type SocketNotificationName,
  type SocketRequestInput,
  type SocketRequestName,
  type SocketResponseData,
  socketNotifications,
  socketRequests,
} from '@cloud-hospital/protocol/socket';
import { Manager, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { TypedEmitter } from '../TypedEmitter.ts';
import { HeartbeatWatch } from './HeartbeatWatch.ts';
import { claimInstanceId, readInstanceId } from './instanceId.ts';
import { onNetworkChange } from './networkChange.ts';
import { RETRY_CAP_IN_CALL_MS, RETRY_CAP_MS, reconnectDelay } from './reconnectDelay.ts';
import type { SignalState } from './SignalState.ts';

export interface SignalClientOptions {
  readonly face: Face;
  /** Origin of signaling; default: the page's own. */
  readonly url?: string;
  /** Milliseconds; default 5,000. */
  readonly requestTimeoutMs?: number;
}

export interface RequestOptions {
  /** Milliseconds over all, waiting for a lost socket included. */
  readonly timeoutMs?: number;
  /** What to do while the socket is lost: `wait` for its return (default), or `fail` at once with UNAVAILABLE. */
  readonly whenLost?: 'wait' | 'fail';
}

type Notifications = { [Name in SocketNotificationName]: [data: SocketNotificationData<Name>] };
type OwnEvents = {
  state: [state: SignalState];
  /** Connected again after having been lost; whoever shows data fetches it anew. */
  reconnected: [];
  /** A message from the server that doesn't fit the protocol; dropped. */
  malformed: [name: string, error: z.ZodError];
};

/** An attempt that isn't through by then is given up, milliseconds. A frozen replica accepts and says nothing. */
const CONNECT_TIMEOUT_MS = 4_000;
/** The same on a thin line, where each packet of a handshake may have to be repeated. */
const THIN_CONNECT_TIMEOUT_MS = 10_000;
/**
 * For so long what is shown beside the call waits there after the socket's return, unless the line gets better: 13 kB of
 * lists at once took a line of 100 kbit/s so long that the server missed its heartbeat. Milliseconds.
 */
const THIN_REFETCH_MS = 15_000;
/** Two notices of the network so soon after one another are of one change, milliseconds. */
const SAME_CHANGE_MS = 1_000;
/** Between two attempts meanwhile, milliseconds. */
const CHANGING_RETRY_MS = 60;
/**
 * After a change of network an attempt is given up sooner, milliseconds, and twice as late each time, for slow lines:
 * in a quarter of 30 trials Chromium's first attempt took a second longer, while another one made meanwhile came through.
 */
const CHANGING_PATIENCE_MS = 200;
const REQUEST_TIMEOUT_MS = 5_000;
/** A socket that held this long resets the backoff, milliseconds. */
const STABLE_AFTER_MS = 5_000;

/** Refusals that trying again can't change. */
const FINAL_REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'SECOND_FACTOR_REQUIRED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_REQUEST',
  'PROTOCOL_OUTDATED',
  'ATTACHED_ELSEWHERE',
]);

const AckEnvelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: AppErrorBody }),
]);
const Refusal = z.object({ data: AppErrorBody });

const isNotification = (name: string): name is SocketNotificationName => Object.hasOwn(socketNotifications, name);

/**
 * The browser's one Socket.IO connection. Everything that arrives is parsed here, at the boundary; everything behind
 * is typed. Reconnecting is done here rather than by Socket.IO's manager, because a call needs the first retry at
 * once, a kick when the network returns, and refusals that end the attempts.
 */
export class SignalClient {
  readonly #options: SignalClientOptions;
  readonly #socket: Socket;
  readonly #notifications = new TypedEmitter<Notifications>();
  readonly #events = new TypedEmitter<OwnEvents>();
  readonly #heartbeat = new HeartbeatWatch(() => this.#drop());
  #state: SignalState = { name: 'idle' };
  #instanceId = readInstanceId();
  #claim: Promise<string> | undefined;
  #wanted = false;
  #wasConnected = false;
  #sessionEnded = false;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #stableTimer: ReturnType<typeof setTimeout> | undefined;
  #refetchTimer: ReturnType<typeof setTimeout> | undefined;
  /** Connected again, and not said yet. */
  #owesNews = false;
  #closeWatchers = 0;
  #thin = false;
  #changedAt = Number.NEGATIVE_INFINITY;
  #offNetwork: (() => void) | undefined;

  constructor(options: SignalClientOptions) {
    this.#options = options;
    const url = options.url ?? globalThis.location?.origin;
    if (url === undefined) throw new TypeError('url is needed outside a page');
    const manager = new Manager(url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      withCredentials: true,
      reconnection: false,
      autoConnect: false,
      timeout: THIN_CONNECT_TIMEOUT_MS,
    });
    this.#socket = manager.socket('/', { auth: (give) => give(this.#auth()) });
    this.#socket.on('connect', () => this.#connected());
    this.#socket.on('connect_error', (error) => this.#refusedOrFailed(error));
    this.#socket.on('disconnect', () => this.#lost());
    this.#socket.onAny((name: string, data: unknown) => this.#received(name, data));
  }

  get state(): SignalState {
    return this.#state;
  }

  /**
   * The name of this tab; the same after a reload. Waits until no other tab can go by it: what was said under a name
   * that is given up would later take the call from this very tab.
   */
  async claimInstance(): Promise<string> {
    this.#claim ??= claimInstanceId(this.#instanceId);
    this.#instanceId = await this.#claim;
    return this.#instanceId;
  }

  /** Connects and stays connected until `close()`. Idempotent; also the way out of `refused`. */
  connect(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#sessionEnded = false;
    this.#attempt = 0;
    this.#offNetwork = onNetworkChange(() => this.networkChanged());
    globalThis.document?.addEventListener('visibilitychange', this.#onVisible);
    this.#setState({ name: 'connecting' });
    void this.#open();
  }

  /** Ends the connection. Idempotent; `connect()` starts anew. */
  close(): void {
    if (!this.#wanted && this.#state.name === 'closed') return;
    this.#stopTrying();
    this.#wasConnected = false;
    this.#setState({ name: 'closed' });
  }

  /**
   * @returns the data of the answer, parsed
   * @throws AppError with the server's code, TIMEOUT when no answer came in time, UNAVAILABLE when the socket broke
   *   while the request was under way, INTERNAL when the answer doesn't fit the protocol
   */
  async request<Name extends SocketRequestName>(
    name: Name,
    data: SocketRequestInput<Name>,
    options: RequestOptions = {},
  ): Promise<SocketResponseData<Name>> {
    const deadline = performance.now() + (options.timeoutMs ?? this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS);
    if (!this.#socket.connected) await this.#untilConnected(deadline, options.whenLost ?? 'wait');
    const answer = AckEnvelope.safeParse(await this.#emit(name, data, deadline - performance.now()));
    if (!answer.success) throw new AppError('INTERNAL', { request: name }, { cause: answer.error });
    if (!answer.data.ok) throw new AppError(answer.data.error.code, answer.data.error.details);
    const parsed = socketRequests[name].response.safeParse(answer.data.data);
    if (!parsed.success) throw new AppError('INTERNAL', { request: name }, { cause: parsed.error });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema just used and the type come from one map
    return parsed.data as SocketResponseData<Name>;
  }

  /** @returns the matching `off` */
  on<Name extends SocketNotificationName>(
    name: Name,
    handler: (data: SocketNotificationData<Name>) => void,
  ): () => void {
    return this.#notifications.on(name, handler);
  }

  /** @returns the matching `off` */
  onState(listener: (state: SignalState) => void): () => void {
    return this.#events.on('state', listener);
  }

  /** @returns the matching `off` */
  onReconnected(listener: () => void): () => void {
    return this.#events.on('reconnected', listener);
  }

  /** For logs and tests. @returns the matching `off` */
  onMalformed(listener: (name: string, error: z.ZodError) => void): () => void {
    return this.#events.on('malformed', listener);
  }

  /** While a call is on, a dead socket is noticed sooner. @returns what ends it; idempotent */
  watchClosely(): () => void {
    this.#closeWatchers += 1;
    this.#heartbeat.watchClosely(true);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#closeWatchers -= 1;
      this.#heartbeat.watchClosely(this.#closeWatchers > 0);
      if (this.#closeWatchers === 0) this.setThin(false);
    };
  }

  /**
   * The call on this line has found that it is alive and carries little: a silent socket is given more time, and so is
   * its return.
   */
  setThin(thin: boolean): void {
    this.#thin = thin;
    this.#heartbeat.setThin(thin);
    if (!thin) this.#sayReconnected();
  }

  /** Something else shows that the way to the server has changed or is gone: the socket is made anew. */
  distrust(): void {
    if (this.#socket.connected && !this.#thin) this.#drop();
  }

  #auth(): SocketAuth {
    return { protocolVersion: PROTOCOL_VERSION, face: this.#options.face, instanceId: this.#instanceId };
  }

  async #open(): Promise<void> {
    await this.claimInstance();
    if (!this.#wanted || this.#socket.connected) return;
    clearTimeout(this.#retryTimer);
    this.#socket.connect();
    this.#heartbeat.watch(this.#socket.io.engine);
    clearTimeout(this.#connectTimer);
    const mostMs = this.#thin ? THIN_CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS;
    const patienceMs = this.#isChanging ? CHANGING_PATIENCE_MS * 2 ** this.#attempt : mostMs;
    this.#connectTimer = setTimeout(() => this.#drop(), Math.min(patienceMs, mostMs));
  }

  #connected(): void {
    clearTimeout(this.#connectTimer);
    this.#stableTimer = setTimeout(() => {
      this.#attempt = 0;
    }, STABLE_AFTER_MS);
    const again = this.#wasConnected;
    this.#wasConnected = true;
    this.#setState({ name: 'connected' });
    if (!again) return;
    this.#owesNews = true;
    if (this.#thin) this.#refetchTimer = setTimeout(() => this.#sayReconnected(), THIN_REFETCH_MS);
    else this.#sayReconnected();
  }

  #sayReconnected(): void {
    clearTimeout(this.#refetchTimer);
    if (!this.#owesNews || this.#state.name !== 'connected') return;
    this.#owesNews = false;
    this.#events.emit('reconnected');
  }

  #refusedOrFailed(error: unknown): void {
    const refusal = Refusal.safeParse(error);
    if (refusal.success && FINAL_REFUSALS.has(refusal.data.data.code)) this.#refuse(refusal.data.data.code);
    else this.#lost();
  }

  #refuse(code: ErrorCode): void {
    this.#stopTrying();
    this.#setState({ name: 'refused', code });
  }

  /** Ends a socket that is dead or stuck, and tries again. */
  #drop(): void {
    const wasUp = this.#socket.connected;
    this.#socket.disconnect();
    // A socket that wasn't up yet says nothing when it is given up.
    if (!wasUp) this.#lost();
  }

  #lost(): void {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#stableTimer);
    clearTimeout(this.#refetchTimer);
    this.#heartbeat.stop();
    if (!this.#wanted) return;
    if (this.#sessionEnded) {
      this.#refuse('UNAUTHENTICATED');
      return;
    }
    this.#setState({ name: 'lost' });
    clearTimeout(this.#retryTimer);
    // While the network is changing browsers end new connections as well: no server has anything to do with it.
    const capMs = this.#closeWatchers > 0 ? RETRY_CAP_IN_CALL_MS : RETRY_CAP_MS;
    const delayMs = this.#isChanging ? CHANGING_RETRY_MS : reconnectDelay(this.#attempt, Math.random(), capMs);
    this.#retryTimer = setTimeout(() => void this.#open(), delayMs);
    this.#attempt += 1;
  }

  #stopTrying(): void {
    this.#wanted = false;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#stableTimer);
    clearTimeout(this.#refetchTimer);
    this.#heartbeat.stop();
    this.#offNetwork?.();
    globalThis.document?.removeEventListener('visibilitychange', this.#onVisible);
    this.#socket.disconnect();
  }

  /**
   * The network is back, perhaps under another address: the old TCP connection can't be trusted. May be said by several
   * who noticed the same change.
   */
  networkChanged(): void {
    if (this.#isChanging) return;
    this.#changedAt = performance.now();
    // An attempt that is under way began under the old address.
    this.#drop();
    this.#attempt = 0;
    void this.#open();
  }

  get #isChanging(): boolean {
    return performance.now() - this.#changedAt < SAME_CHANGE_MS;
  }

  /** A page that slept may not have noticed that its socket died. */
  readonly #onVisible = (): void => {
    if (globalThis.document.visibilityState !== 'visible') return;
    if (!this.#socket.connected) void this.#open();
    else if (this.#heartbeat.silenceMs > this.#heartbeat.limitMs) this.#drop();
  };

  #received(name: string, data: unknown): void {
    // A newer server may say what this client doesn't know yet.
    if (!isNotification(name)) return;
    this.#dispatch(name, data);
  }

  #dispatch<Name extends SocketNotificationName>(name: Name, data: unknown): void {
    const parsed = socketNotifications[name].safeParse(data);
    if (!parsed.success) {
      this.#events.emit('malformed', name, parsed.error);
      return;
    }
    if (name === 'session:ended') this.#sessionEnded = true;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as in request()
    const args = [parsed.data] as Notifications[Name];
    this.#notifications.emit(name, ...args);
    // The replica is going away: move to another one now, while nothing is lost yet.
    if (name === 'server:draining') this.#drop();
  }

  #untilConnected(deadline: number, whenLost: 'wait' | 'fail'): Promise<void> {
    if (!this.#wanted || whenLost === 'fail') throw new AppError('UNAVAILABLE');
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        off();
        clearTimeout(timer);
        settle();
      };
      const off = this.onState((state) => {
        if (state.name === 'connected') end(resolve);
        else if (state.name === 'refused') end(() => reject(new AppError(state.code)));
        else if (state.name === 'closed') end(() => reject(new AppError('UNAVAILABLE')));
      });
      const timer = setTimeout(() => end(() => reject(new AppError('TIMEOUT'))), deadline - performance.now());
    });
  }

  #emit(name: SocketRequestName, data: unknown, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#socket.timeout(Math.max(1, timeoutMs)).emit(name, data, (error: Error | null, answer: unknown) => {
        if (error === null) resolve(answer);
        else reject(new AppError(this.#socket.connected ? 'TIMEOUT' : 'UNAVAILABLE', { request: name }));
      });
    });
  }

  #setState(state: SignalState): void {
    if (state.name === this.#state.name && state.name !== 'refused') return;
    this.#state = state;
    this.#events.emit('state', state);
  }
}
