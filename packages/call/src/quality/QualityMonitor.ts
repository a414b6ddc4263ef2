import type { CallQuality } from '../callState.types.ts';
import type { RoomSession } from '../room/RoomSession.ts';
import { callQuality, steadyQuality } from './callQuality.ts';
import { readStats, type StatsTotals } from './readStats.ts';
import { VOICE_DELAY_INITIAL, voiceDelay } from './voiceDelay.ts';
import { DOWNLINK_INITIAL, weakDownlink } from './weakDownlink.ts';
import { type PictureMode, WEAK_NETWORK_INITIAL, weakNetwork, type WeakNetworkState } from './weakNetwork.ts';

/** Milliseconds between two readings. */
const INTERVAL_MS = 1_000;
/** After the last sign of it a line counts as thin for so long, milliseconds. */
const THIN_FOR_MS = 10_000;
/** Samples over which what is shown is told. */
const STEADY_OVER = 5;

export interface QualityMonitorListener {
  /** @param steady over the last seconds, to be shown @param reading of the last one, to be kept */
  sampled(steady: CallQuality, reading: CallQuality): void;
  /** What the uplink carries of the own picture from now on. */
  pictureMode(mode: PictureMode): void;
  /** What the downlink carries of the others' pictures from now on. */
  receives(mode: PictureMode): void;
  /** The browser's estimate of the uplink, bit/s. */
  uplink(bitsPerSecond: number): void;
  /** The line is alive and carries little: whatever else goes over it takes its time. Said when it changes. */
  thin(thin: boolean): void;
}

interface Motion {
  /** Somebody sends a moving picture that we should see. */
  isExpected(): boolean;
  /** What hinders the others' pictures is their own uplink. */
  othersStarve(): boolean;
  /** Our own picture is sent moving. */
  isSent(): boolean;
  /** Media flow between us and the media node. */
  isConnected(): boolean;
}

/** Reads the statistics of the current session each second and draws the conclusions. */
export class QualityMonitor {
  readonly #session: () => RoomSession | null;
  readonly #motion: Motion;
  readonly #listener: QualityMonitorListener;
  #timer: ReturnType<typeof setInterval> | undefined;
  #last: { session: RoomSession; totals: StatsTotals } | null = null;
  #weak: WeakNetworkState = WEAK_NETWORK_INITIAL;
  #downlink = DOWNLINK_INITIAL;
  #voiceDelay = VOICE_DELAY_INITIAL;
  #recent: readonly CallQuality[] = [];
  #thin = false;
  #thinUntil = Number.NEGATIVE_INFINITY;
  #busy = false;

  constructor(session: () => RoomSession | null, motion: Motion, listener: QualityMonitorListener) {
    this.#session = session;
    this.#motion = motion;
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
      const totals = readStats(performance.now(), sent.values(), received.values(), {
        sent: session.send.screenLines,
        received: session.receive.screenLines,
      });
      const before = this.#last?.session === session ? this.#last.totals : null;
      this.#last = { session, totals };
      if (before) this.#conclude(before, totals);
      session.receive.setVoiceDelay(this.#voiceDelay.targetMs);
    } finally {
      this.#busy = false;
    }
  }

  #conclude(before: StatsTotals, now: StatsTotals): void {
    const quality = callQuality(before, now);
    const steady = steadyQuality(this.#recent, quality);
    const connected = this.#motion.isConnected();
    // While the line is broken there is no voice that anything here could mend.
    const concealedRate = connected ? steady.concealedRate : 0;
    this.#listener.sampled(steady, quality);
    this.#recent = [...this.#recent, quality].slice(1 - STEADY_OVER);
    const next = weakNetwork(this.#weak, {
      at: now.at,
      sendsVideo: now.sendsVideo,
      // A slide that somebody else's downlink asks for says nothing of our uplink.
      sendFps: this.#motion.isSent() ? quality.sendFps : null,
      availableOutgoingBitrate: now.availableOutgoingBitrate,
      sendLossRate: now.remoteFractionLost,
      connected,
    });
    const turned = next.mode !== this.#weak.mode;
    this.#weak = next;
    if (turned) this.#listener.pictureMode(next.mode);
    if (now.availableOutgoingBitrate !== null) this.#listener.uplink(now.availableOutgoingBitrate);
    const downlink = weakDownlink(this.#downlink, {
      at: now.at,
      expectsMotion: this.#motion.isExpected(),
      othersStarve: this.#motion.othersStarve(),
      receiveFps: steady.receiveFps,
      concealedRate,
    });
    const changed = downlink.mode !== this.#downlink.mode;
    this.#downlink = downlink;
    if (changed) this.#listener.receives(downlink.mode);
    this.#voiceDelay = voiceDelay(this.#voiceDelay, {
      at: now.at,
      concealedRate,
      roundTripMs: steady.roundTripMs,
    });
    this.#judgeLine(now);
  }

  /** A line that is broken is none of the thin ones: there it pays to try again soon. */
  #judgeLine({ at }: StatsTotals): void {
    if (this.#weak.mode !== 'video' || this.#downlink.mode !== 'video') this.#thinUntil = at + THIN_FOR_MS;
    const thin = at < this.#thinUntil && this.#motion.isConnected();
    if (thin === this.#thin) return;
    this.#thin = thin;
    this.#listener.thin(thin);
  }
}
