import type { CallQuality } from '../callState.types.ts';
import type { RoomSession } from '../room/RoomSession.ts';
import { callQuality, steadyQuality } from './callQuality.ts';
import { LingeringSign } from './LingeringSign.ts';
import { readStats, type StatsTotals } from './readStats.ts';
import { VOICE_DELAY_INITIAL, voiceDelay } from './voiceDelay.ts';
import { DOWNLINK_INITIAL, VOICE_BREAKS, weakDownlink } from './weakDownlink.ts';
import { type PictureMode, WEAK_NETWORK_INITIAL, weakNetwork, type WeakNetworkState } from './weakNetwork.ts';

/** Milliseconds between two readings. */
const INTERVAL_MS = 1_000;
/** After the last sign of it a line counts as thin for so long, milliseconds. */
const THIN_FOR_MS = 10_000;
/** The same of a voice that broke, milliseconds: the others may be told nothing for as long, since sockets stand still there. */
const SPARES_VOICE_FOR_MS = 15_000;
/** Samples over which what is shown is told. */
const STEADY_OVER = 5;

export interface QualityMonitorListener {
  /** @param steady over the last seconds, to be shown @param reading of the last one, to be kept */
  sampled(steady: CallQuality, reading: CallQuality): void;
  /** What the uplink carries of the own picture from now on. */
  pictureMode(mode: PictureMode): void;
  /** What the downlink carries of the others' pictures from now on. */
  receives(mode: PictureMode): void;
  /** A picture that should move stands still, since our downlink doesn't carry it. Said when it changes. */
  stuck(stuck: boolean): void;
  /** The browser's estimate of the uplink, bit/s. */
  uplink(bitsPerSecond: number): void;
  /** Some line between us and the others is overrun: our voice is to take fewer bits. Said when it changes. */
  sparesVoice(spares: boolean): void;
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
  readonly #thin: LingeringSign;
  readonly #sparesVoice: LingeringSign;
  /** Whose statistics are being read. Those of connections that close meanwhile may never come (Chromium). */
  #busy: RoomSession | null = null;

  constructor(session: () => RoomSession | null, motion: Motion, listener: QualityMonitorListener) {
    this.#session = session;
    this.#motion = motion;
    this.#listener = listener;
    this.#thin = new LingeringSign(THIN_FOR_MS, (thin) => listener.thin(thin));
    this.#sparesVoice = new LingeringSign(SPARES_VOICE_FOR_MS, (spares) => listener.sparesVoice(spares));
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
    if (!session || session.closed || session.rights !== 'active' || this.#busy === session) return;
    this.#busy = session;
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
      if (this.#busy === session) this.#busy = null;
    }
  }

  #conclude(before: StatsTotals, now: StatsTotals): void {
    const quality = callQuality(before, now);
    const steady = steadyQuality(this.#recent, quality);
    const connected = this.#motion.isConnected();
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
    // While the line is dead there is no voice that anything here could mend; one that is overrun breaks for moments.
    const concealedRate = connected || next.flaps ? steady.concealedRate : 0;
    const turned = next.mode !== this.#weak.mode;
    this.#weak = next;
    if (turned) this.#listener.pictureMode(next.mode);
    if (now.availableOutgoingBitrate !== null) this.#listener.uplink(now.availableOutgoingBitrate);
    const downlink = weakDownlink(this.#downlink, {
      at: now.at,
      expectsMotion: this.#motion.isExpected(),
      othersStarve: this.#motion.othersStarve(),
      receiveFps: steady.receiveFps,
      lastFps: quality.receiveFps,
      concealedRate,
    });
    const known = this.#downlink;
    this.#downlink = downlink;
    if (downlink.mode !== known.mode) this.#listener.receives(downlink.mode);
    if (downlink.stuck !== known.stuck) this.#listener.stuck(downlink.stuck);
    this.#voiceDelay = voiceDelay(this.#voiceDelay, {
      at: now.at,
      concealedRate,
      roundTripMs: steady.roundTripMs,
    });
    // A line that is broken is none of the thin ones: there it pays to try again soon.
    this.#thin.look(now.at, next.mode !== 'video' || downlink.mode !== 'video', this.#motion.isConnected());
    // What goes the other way mostly goes over the same line.
    this.#sparesVoice.look(now.at, concealedRate > VOICE_BREAKS);
  }
}
