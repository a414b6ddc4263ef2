import type { CallQuality } from '../callState.types.ts';
import type { RoomSession } from '../room/RoomSession.ts';
import { callQuality, steadyQuality } from './callQuality.ts';
import { readStats, type StatsTotals } from './readStats.ts';
import { WEAK_NETWORK_INITIAL, weakNetwork, type WeakNetworkState } from './weakNetwork.ts';

/** Milliseconds between two readings. */
const INTERVAL_MS = 1_000;
/** Samples over which what is shown is told. */
const STEADY_OVER = 5;

export interface QualityMonitorListener {
  /** @param steady over the last seconds, to be shown @param reading of the last one, to be kept */
  sampled(steady: CallQuality, reading: CallQuality): void;
  /** Give the own video up, or take it up again. */
  videoSuspended(suspended: boolean): void;
}

/** Reads the statistics of the current session each second and draws the conclusions. */
export class QualityMonitor {
  readonly #session: () => RoomSession | null;
  readonly #listener: QualityMonitorListener;
  #timer: ReturnType<typeof setInterval> | undefined;
  #last: { session: RoomSession; totals: StatsTotals } | null = null;
  #weak: WeakNetworkState = WEAK_NETWORK_INITIAL;
  #recent: readonly CallQuality[] = [];
  #busy = false;

  constructor(session: () => RoomSession | null, listener: QualityMonitorListener) {
    this.#session = session;
    this.#listener = listener;
  }

  /** Idempotent. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#sample(), INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#last = null;
  }

  async #sample(): Promise<void> {
    const session = this.#session();
    if (!session || session.closed || session.rights !== 'active' || this.#busy) return;
    this.#busy = true;
    try {
      const [sent, received] = await Promise.all([
        session.send.transport.getStats(),
        session.receive.transport.getStats(),
      ]);
      if (session.closed || this.#timer === undefined) return;
      const totals = readStats(performance.now(), sent.values(), received.values());
      const before = this.#last?.session === session ? this.#last.totals : null;
      this.#last = { session, totals };
      if (before) this.#conclude(before, totals);
    } finally {
      this.#busy = false;
    }
  }

  #conclude(before: StatsTotals, now: StatsTotals): void {
    const quality = callQuality(before, now);
    this.#listener.sampled(steadyQuality(this.#recent, quality), quality);
    this.#recent = [...this.#recent, quality].slice(1 - STEADY_OVER);
    const next = weakNetwork(this.#weak, {
      at: now.at,
      sendsVideo: now.sendsVideo,
      sendFps: quality.sendFps,
      availableOutgoingBitrate: now.availableOutgoingBitrate,
      sendLossRate: now.remoteFractionLost,
    });
    const turned = next.suspended !== this.#weak.suspended;
    this.#weak = next;
    if (turned) this.#listener.videoSuspended(next.suspended);
  }
}
