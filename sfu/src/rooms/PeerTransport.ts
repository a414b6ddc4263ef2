import { TransportId } from '@cloud-hospital/protocol';
import type {
  DtlsParameters,
  IceParameters,
  TransportDirection,
  TransportParameters,
} from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import type { BitrateLimits } from '../config.ts';
import { ICE_CONSENT_TIMEOUT_S } from '../media/mediaCodecs.ts';
import { refusingBadParameters } from '../media/mediaErrors.ts';
import { type ConnectionState, connectionStateOf } from './connectionState.ts';
import { type DownlinkSample, isStarved } from './starvedDownlink.ts';

/** Samples in a row without a single packet after which a sending peer counts as gone. */
const SILENT_AFTER_SAMPLES = 2;

/** What mediasoup takes for "as much as the estimate allows". */
const NO_LIMIT = 0;

export type PeerTransportOptions = {
  readonly router: mediasoup.Router;
  readonly webRtcServer: mediasoup.WebRtcServer;
  readonly direction: TransportDirection;
  readonly bitrates: BitrateLimits;
  readonly onStateChanged: (state: ConnectionState) => void;
};

/** One WebRtcTransport of a peer, with one word for its state. */
export class PeerTransport {
  readonly transportId: TransportId;
  readonly direction: TransportDirection;
  readonly #transport: mediasoup.WebRtcTransport;
  readonly #cleanup = new DisposableStack();
  readonly #onStateChanged: (state: ConnectionState) => void;
  #state: ConnectionState = 'new';
  #connection: { readonly fingerprints: string; readonly done: Promise<void> } | undefined;
  #bytesReceived = -1;
  #quietSamples = 0;
  readonly #minOutgoing: number;
  #downlink: DownlinkSample | undefined;
  #capped = false;

  private constructor(transport: mediasoup.WebRtcTransport, options: PeerTransportOptions) {
    this.transportId = TransportId.parse(transport.id);
    this.direction = options.direction;
    this.#transport = transport;
    this.#onStateChanged = options.onStateChanged;
    this.#minOutgoing = options.bitrates.minOutgoing;
    const update = (): void => {
      this.#update();
    };
    transport.on('icestatechange', update);
    transport.on('dtlsstatechange', update);
    this.#cleanup.defer(() => {
      transport.off('icestatechange', update);
      transport.off('dtlsstatechange', update);
    });
  }

  /**
   * Creates the transport on its worker's WebRtcServer: UDP first, TCP for networks that block it, no SCTP.
   *
   * @throws AppError MEDIA_UNAVAILABLE when the worker is gone
   */
  static async create(options: PeerTransportOptions): Promise<PeerTransport> {
    const { router, webRtcServer, direction, bitrates } = options;
    const transport = await refusingBadParameters(() =>
      router.createWebRtcTransport({
        webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        enableSctp: false,
        iceConsentTimeout: ICE_CONSENT_TIMEOUT_S,
        initialAvailableOutgoingBitrate: bitrates.initialOutgoing,
      }),
    );
    // Sent behind the creation on the same channel; the answers need not be awaited one by one.
    await refusingBadParameters(() =>
      direction === 'send'
        ? transport.setMaxIncomingBitrate(bitrates.maxIncoming)
        : transport.setMinOutgoingBitrate(bitrates.minOutgoing),
    );
    return new PeerTransport(transport, options);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  get parameters(): TransportParameters {
    const { iceParameters, iceCandidates, dtlsParameters } = this.#transport;
    return { transportId: this.transportId, direction: this.direction, iceParameters, iceCandidates, dtlsParameters };
  }

  /**
   * Hands over the peer's DTLS parameters. The same ones again succeed, because a lost ack makes a client repeat itself.
   *
   * @throws AppError BAD_REQUEST for parameters mediasoup refuses, or different ones on a connected transport
   */
  async connect(dtlsParameters: DtlsParameters): Promise<void> {
    const fingerprints = JSON.stringify(dtlsParameters.fingerprints ?? null);
    const before = this.#connection;
    if (before?.fingerprints === fingerprints) return before.done;
    const done = refusingBadParameters(() => this.#transport.connect({ dtlsParameters }));
    this.#connection = { fingerprints, done };
    try {
      await done;
    } catch (error) {
      this.#connection = before;
      throw error;
    }
  }

  restartIce(): Promise<IceParameters> {
    return refusingBadParameters(() => this.#transport.restartIce());
  }

  produce<AppData extends mediasoup.AppData>(
    options: mediasoup.ProducerOptions<AppData>,
  ): Promise<mediasoup.Producer<AppData>> {
    return refusingBadParameters(() => this.#transport.produce(options));
  }

  consume(options: mediasoup.ConsumerOptions): Promise<mediasoup.Consumer> {
    return refusingBadParameters(() => this.#transport.consume(options));
  }

  getStats(): Promise<mediasoup.WebRtcTransportStat[]> {
    return refusingBadParameters(() => this.#transport.getStats());
  }

  /**
   * Looks whether packets still arrive, and how many.
   *
   * @param expectsPackets the peer has something to send, so that silence means that it is gone
   * @returns bit/s received
   */
  async sample(expectsPackets: boolean): Promise<number> {
    const [stat] = await this.getStats();
    if (stat === undefined) return 0;
    const quiet = expectsPackets && stat.bytesReceived === this.#bytesReceived;
    this.#quietSamples = quiet ? this.#quietSamples + 1 : 0;
    this.#bytesReceived = stat.bytesReceived;
    this.#update();
    return stat.recvBitrate;
  }

  /**
   * Begins the estimate of a starved downlink anew, from its floor: held there until the next sample, it rises from then on
   * as feedback comes. Voice isn't held back by it.
   *
   * @returns whether it is starved
   */
  async sampleDownlink(): Promise<boolean> {
    const [stat] = await this.getStats();
    if (stat === undefined) return false;
    const sample = {
      bytesReceived: stat.bytesReceived,
      rtpBytesSent: stat.rtpBytesSent,
      packetLoss: stat.rtpPacketLossSent ?? 0,
    };
    const starved = this.#downlink !== undefined && isStarved(this.#downlink, sample);
    this.#downlink = sample;
    if (starved !== this.#capped) {
      this.#capped = starved;
      await refusingBadParameters(() => this.#transport.setMaxOutgoingBitrate(starved ? this.#minOutgoing : NO_LIMIT));
    }
    return starved;
  }

  /** Ends the transport and what is on it, without a word about its state; idempotent. */
  close(): void {
    this.#cleanup.dispose();
    this.#transport.close();
  }

  #update(): void {
    const { iceState, dtlsState } = this.#transport;
    const state = connectionStateOf(iceState, dtlsState, this.#quietSamples >= SILENT_AFTER_SAMPLES);
    if (state === this.#state) return;
    this.#state = state;
    this.#onStateChanged(state);
  }
}
