import type { Socket } from 'socket.io-client';

type Engine = Socket['io']['engine'];

/** How often silence is checked, milliseconds. */
const CHECK_INTERVAL_MS = 500;
/** Silence beyond the server's ping interval after which the socket counts as dead, milliseconds. */
const GRACE_CLOSE_MS = 2_000;
/** The same on a thin line: TCP repeats what is lost ever later, and a new socket would have to begin anew. */
const GRACE_THIN_MS = 6_000;
const GRACE_RELAXED_MS = 10_000;
/** Engine.IO's default ping interval, until the handshake says otherwise; milliseconds. */
const DEFAULT_PING_INTERVAL_MS = 25_000;

/**
 * Notices a dead socket sooner than Engine.IO, which waits ping interval + ping timeout (45 s by default). Every
 * packet counts as a sign of life. During a call the grace is short.
 */
export class HeartbeatWatch {
  readonly #onDead: () => void;
  #pingIntervalMs = DEFAULT_PING_INTERVAL_MS;
  #lastHeard = 0;
  #lastCheck = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #close = false;
  #thin = false;

  constructor(onDead: () => void) {
    this.#onDead = onDead;
  }

  /** Milliseconds since anything was heard from the server. */
  get silenceMs(): number {
    return performance.now() - this.#lastHeard;
  }

  /** Longest silence that is still normal, milliseconds. */
  get limitMs(): number {
    const closeMs = this.#thin ? GRACE_THIN_MS : GRACE_CLOSE_MS;
    return this.#pingIntervalMs + (this.#close ? closeMs : GRACE_RELAXED_MS);
  }

  /** Called with each new engine; the old one is gone with its listeners. */
  watch(engine: Engine): void {
    this.stop();
    this.#heard();
    engine.on('handshake', ({ pingInterval }) => {
      this.#pingIntervalMs = pingInterval;
    });
    engine.on('packet', () => this.#heard());
    this.#lastCheck = performance.now();
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS);
  }

  watchClosely(close: boolean): void {
    this.#close = close;
  }

  setThin(thin: boolean): void {
    this.#thin = thin;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #heard(): void {
    this.#lastHeard = performance.now();
  }

  #check(): void {
    const now = performance.now();
    const late = now - this.#lastCheck > 3 * CHECK_INTERVAL_MS;
    this.#lastCheck = now;
    // The page itself slept or was blocked: pings may wait in the event queue, so give them one more round.
    if (late || this.silenceMs <= this.limitMs) return;
    this.stop();
    this.#onDead();
  }
}
