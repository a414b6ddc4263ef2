import { AppError, ProducerId } from '@cloud-hospital/protocol';
import type { MediaSource, ProducerInfo, TransportParameters } from '@cloud-hospital/protocol/socket';
import type { Device, types } from 'mediasoup-client';
import { kindOf, produceSettings, type VideoCodec } from '../local/encodings.ts';
import { limitLayers, LOWEST_ONLY_MS } from './layerStart.ts';
import type { MediaRequests } from './MediaRequests.ts';

/** A source that is negotiated with the browser's own stack, and known to the media node once `producerId` is set. */
interface LocalProducer {
  readonly source: MediaSource;
  readonly producer: types.Producer;
  producerId: ProducerId | null;
  /** A `producer:create` is under way. */
  announcing: boolean;
  /** What is to be sent; `null` while switched off. */
  track: MediaStreamTrack | null;
  paused: boolean;
}

/**
 * The sending half of a joined room.
 *
 * Warm parking: while parked, nothing may be produced, yet ICE and DTLS shall be up. mediasoup-client connects with
 * the first `produce()`, so each source is negotiated at once, under a provisional id and with its sender emptied
 * (`replaceTrack(null)`): the transport connects, not one RTP packet leaves, and the media node hears of no Producer.
 * `open()` then needs no SDP: it puts the tracks into the senders and announces the stored RTP parameters.
 */
export class SendSide {
  readonly transport: types.Transport;
  readonly #request: MediaRequests;
  readonly #onFault: (error: unknown) => void;
  readonly #codec: types.RtpCodecCapability | undefined;
  readonly #producers = new Map<MediaSource, LocalProducer>();
  #open = false;

  constructor(
    device: Device,
    parameters: TransportParameters,
    options: {
      iceServers: RTCIceServer[];
      request: MediaRequests;
      videoCodec: VideoCodec;
      onFault: (error: unknown) => void;
    },
  ) {
    this.#request = options.request;
    this.#onFault = options.onFault;
    this.#codec = device.sendRtpCapabilities.codecs?.find(
      (codec) => codec.mimeType.toLowerCase() === `video/${options.videoCodec.toLowerCase()}`,
    );
    this.transport = device.createSendTransport({
      id: parameters.transportId,
      iceParameters: parameters.iceParameters,
      iceCandidates: parameters.iceCandidates,
      dtlsParameters: parameters.dtlsParameters,
      iceServers: options.iceServers,
    });
    this.transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.#request('transport:connect', { transportId: parameters.transportId, dtlsParameters }).then(
        done,
        (error: unknown) => {
          options.onFault(error);
          failed(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
    // A local name only; the media node gives the real one when the producer is announced.
    this.transport.on('produce', (_produced, done) => done({ id: crypto.randomUUID() }));
  }

  /** Own producers that the media node knows. */
  get announced(): readonly { source: MediaSource; producerId: ProducerId }[] {
    return [...this.#producers.values()].flatMap(({ source, producerId }) =>
      producerId === null ? [] : [{ source, producerId }],
    );
  }

  /**
   * Sets what is sent from a source; `null` switches it off. The first track of a source negotiates it, later ones
   * replace it without renegotiation.
   */
  async setTrack(source: MediaSource, track: MediaStreamTrack | null, paused: boolean): Promise<void> {
    const known = this.#producers.get(source);
    if (known) {
      known.track = track;
      await this.#put(known);
      await this.setPaused(source, paused || track === null);
    } else if (track !== null) {
      await this.#negotiate(source, track, paused);
    }
  }

  /** Tells the media node that a source is muted, so that receivers are told and nothing is forwarded. */
  async setPaused(source: MediaSource, paused: boolean): Promise<void> {
    const local = this.#producers.get(source);
    if (!local || local.paused === paused) return;
    local.paused = paused;
    if (local.producerId === null) return;
    await this.#request(paused ? 'producer:pause' : 'producer:resume', { producerId: local.producerId });
  }

  /** Rights rose to active: send, and announce every source in parallel. */
  async open(): Promise<void> {
    this.#open = true;
    await Promise.all([...this.#producers.values()].map((local) => this.#announce(local)));
  }

  /** Back to parked: the media node has closed the producers; nothing is sent, the transport stays up. */
  async park(): Promise<void> {
    this.#open = false;
    await Promise.all(
      [...this.#producers.values()].map((local) => {
        local.producerId = null;
        return this.#put(local);
      }),
    );
  }

  /** After `room:attach`: what the media node lost is announced again, what it has too much is closed. */
  async reconcile(theirs: readonly ProducerInfo[]): Promise<void> {
    const remaining = new Map(theirs.map((info) => [info.producerId, info]));
    const work: Promise<unknown>[] = [];
    for (const local of this.#producers.values()) {
      const info = local.producerId === null ? undefined : remaining.get(local.producerId);
      if (!info) {
        local.producerId = null;
        work.push(this.#announce(local));
        continue;
      }
      remaining.delete(info.producerId);
      if (info.paused !== local.paused) {
        work.push(this.#request(local.paused ? 'producer:pause' : 'producer:resume', { producerId: info.producerId }));
      }
    }
    for (const producerId of remaining.keys()) work.push(this.#request('producer:close', { producerId }));
    await Promise.all(work);
  }

  close(): void {
    this.#open = false;
    this.transport.close();
    this.#producers.clear();
  }

  async #negotiate(source: MediaSource, track: MediaStreamTrack, paused: boolean): Promise<void> {
    const { encodings, codecOptions } = produceSettings(source);
    const emptied: Promise<void>[] = [];
    const producer = await this.transport.produce({
      track,
      encodings,
      codecOptions,
      ...(kindOf(source) === 'video' && this.#codec ? { codec: this.#codec } : {}),
      // LocalMedia owns the tracks; a transport that closes must not stop the camera.
      stopTracks: false,
      disableTrackOnPause: false,
      onRtpSender: (sender) => {
        if (!this.#open) emptied.push(sender.replaceTrack(null));
      },
    });
    await Promise.all(emptied);
    if (producer.rtpSender) await limitLayers(producer.rtpSender, 1);
    // Another track of the same source came first while this one was negotiated.
    const rival = this.#producers.get(source);
    if (rival) {
      producer.close();
      rival.track = track;
      await this.#put(rival);
      return;
    }
    const local: LocalProducer = { source, producer, producerId: null, announcing: false, track, paused };
    this.#producers.set(source, local);
    if (this.#open && producer.rtpSender) this.#raiseLayersSoon(local, producer.rtpSender);
    if (this.#open) await this.#announce(local);
  }

  /** Gives the sender what it should send now. Goes past mediasoup-client's queue, which may be busy with SDP. */
  async #put(local: LocalProducer): Promise<void> {
    const sender = local.producer.rtpSender;
    const wanted = this.#open ? local.track : null;
    if (!sender || sender.track === wanted || local.producer.closed) return;
    const starts = sender.track === null;
    await sender.replaceTrack(wanted);
    if (wanted === null) await limitLayers(sender, 1);
    else if (starts) this.#raiseLayersSoon(local, sender);
  }

  #raiseLayersSoon(local: LocalProducer, sender: RTCRtpSender): void {
    setTimeout(() => {
      if (sender.track === null || local.producer.closed) return;
      limitLayers(sender, Number.POSITIVE_INFINITY).catch(this.#onFault);
    }, LOWEST_ONLY_MS);
  }

  async #announce(local: LocalProducer): Promise<void> {
    if (!this.#open || local.producerId !== null || local.announcing) return;
    local.announcing = true;
    const { producer, source, paused } = local;
    try {
      const { producerId } = await this.#request('producer:create', {
        transportId: this.transport.id,
        kind: kindOf(source),
        source,
        rtpParameters: producer.rtpParameters,
        paused,
      });
      // Only now: packets that come before the media node knows the Producer are dropped, the first key frame with
      // them, and the browser answers a second request for one within 300 ms not at all.
      await this.#put(local);
      local.producerId = ProducerId.parse(producerId);
    } catch (error) {
      // Parked again meanwhile: that is not a fault, `open()` comes back.
      if (!(error instanceof AppError && error.code === 'PARKED')) throw error;
    } finally {
      local.announcing = false;
    }
    if (local.producerId !== null && local.paused !== paused) {
      await this.#request(local.paused ? 'producer:pause' : 'producer:resume', { producerId: local.producerId });
    }
  }
}
