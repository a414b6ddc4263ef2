import { AppError, ProducerId } from '@cloud-hospital/protocol';
import type { MediaSource, ProducerInfo, TransportParameters } from '@cloud-hospital/protocol/socket';
import type { Device, types } from 'mediasoup-client';
import { kindOf, produceSettings, type VideoCodec } from '../local/encodings.ts';
import { readStats } from '../quality/readStats.ts';
import { AFTER_SLIDES, AT_START, keepLines, type Motion, setLayers, setVoice, slideBitrate } from './layers.ts';
import type { MediaRequests } from './MediaRequests.ts';
import { ownAddress } from './ownAddress.ts';

/** A source that is negotiated with the browser's own stack, and known to the media node once `producerId` is set. */
interface LocalProducer {
  readonly source: MediaSource;
  producer: types.Producer;
  producerId: ProducerId | null;
  /** Was announced once. See `#renew`. */
  spent: boolean;
  /** A `producer:create` is under way. */
  announcing: boolean;
  /** What is to be sent; `null` while switched off. */
  track: MediaStreamTrack | null;
  paused: boolean;
  motion: Motion;
  /** What the sender was last set to. */
  shaped: Motion;
  /** How many simulcast layers may move, from the lowest, and what lets all of them. */
  layers: number;
  raising: ReturnType<typeof setTimeout> | undefined;
  /** Of a screen: to be announced in another's place, once. */
  takesOver: boolean;
}

/** What is to be sent from a source from now on. */
export interface Outgoing {
  readonly track: MediaStreamTrack | null;
  readonly paused: boolean;
  readonly motion: Motion;
  /** Of a screen: in place of another participant's. */
  readonly takesOver?: boolean;
}

interface SendSideOptions {
  readonly iceServers: RTCIceServer[];
  readonly request: MediaRequests;
  readonly videoCodec: VideoCodec;
  readonly onFault: (error: unknown) => void;
  /** Another participant shares a screen already. */
  readonly onScreenRefused: () => void;
}

/**
 * The sending half of a joined room.
 *
 * Warm parking: while parked, nothing may be produced, yet ICE and DTLS shall be up. mediasoup-client connects with
 * the first `produce()`, so each source is negotiated at once, under a provisional id and with its sender emptied
 * (`replaceTrack(null)`): the transport connects, not one RTP packet leaves, and the media node hears of no Producer.
 * `open()` then needs no SDP: it announces the stored RTP parameters and puts the tracks into the senders.
 */
export class SendSide {
  readonly transport: types.Transport;
  readonly #request: MediaRequests;
  readonly #onFault: (error: unknown) => void;
  readonly #onScreenRefused: () => void;
  readonly #codecNamed: (name: VideoCodec) => types.RtpCodecCapability | undefined;
  readonly #codec: types.RtpCodecCapability | undefined;
  readonly #producers = new Map<MediaSource, LocalProducer>();
  #open = false;
  #slideBitrate = slideBitrate(null);

  constructor(device: Device, parameters: TransportParameters, options: SendSideOptions) {
    this.#request = options.request;
    this.#onFault = options.onFault;
    this.#onScreenRefused = options.onScreenRefused;
    this.#codecNamed = (name) =>
      device.sendRtpCapabilities.codecs?.find(
        ({ mimeType }) => mimeType.toLowerCase() === `video/${name.toLowerCase()}`,
      );
    this.#codec = this.#codecNamed(options.videoCodec);
    const { transportId, iceParameters, iceCandidates, dtlsParameters } = parameters;
    const { iceServers } = options;
    this.transport = device.createSendTransport({
      id: transportId,
      iceParameters,
      iceCandidates,
      dtlsParameters,
      iceServers,
    });
    this.transport.on('connect', (local, done, failed) => {
      this.#request('transport:connect', { transportId, dtlsParameters: local.dtlsParameters }).then(
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

  /**
   * Sets what is sent from a source; `null` switches it off. The first track of a source negotiates it, later ones
   * replace it without renegotiation.
   */
  async setTrack(source: MediaSource, outgoing: Outgoing): Promise<void> {
    const { track, paused, motion } = outgoing;
    const known = this.#producers.get(source);
    if (!known) {
      if (track !== null) await this.#add(source, track, outgoing);
      return;
    }
    known.track = track;
    known.motion = motion;
    const silent = paused || track === null;
    // Resume before sending, as with announcing: the first key frame must not meet a paused Producer.
    if (!silent) await this.setPaused(source, false);
    if (this.#open && known.producerId === null) await this.#announce(known);
    else await this.#put(known);
    if (silent) await this.setPaused(source, true);
  }

  /** Slides may take what the line could carry. @param bitsPerSecond the browser's estimate of the uplink */
  setUplink(bitsPerSecond: number): void {
    const bitrate = slideBitrate(bitsPerSecond);
    if (bitrate === this.#slideBitrate) return;
    this.#slideBitrate = bitrate;
    for (const local of this.#producers.values()) {
      const sender = local.producer.rtpSender;
      if (!sender || sender.track === null || local.producer.closed || local.shaped !== 'stills') continue;
      if (kindOf(local.source) === 'video') this.#shape(sender, local).catch(this.#onFault);
    }
  }

  /** Tells the media node that a source is muted, so that receivers are told and nothing is forwarded. */
  async setPaused(source: MediaSource, paused: boolean): Promise<void> {
    const local = this.#producers.get(source);
    if (!local || local.paused === paused) return;
    local.paused = paused;
    await this.#tellPaused(local);
  }

  /** Ends a source altogether: receivers lose it, rather than being told that it pauses. */
  async remove(source: MediaSource): Promise<void> {
    const local = this.#producers.get(source);
    if (!local) return;
    this.#producers.delete(source);
    local.producer.close();
    const { producerId } = local;
    if (producerId !== null) await this.#request('producer:close', { producerId });
  }

  /** The media node has closed it. @returns false when it wasn't known any more */
  forget(producerId: ProducerId): boolean {
    const local = [...this.#producers.values()].find((one) => one.producerId === producerId);
    if (local === undefined) return false;
    this.#producers.delete(local.source);
    local.producer.close();
    return true;
  }

  /** Rights rose to active: announce every source in parallel, and send. */
  async open(): Promise<void> {
    this.#open = true;
    await Promise.all([...this.#producers.values()].map((local) => this.#announce(local)));
  }

  /** Back to parked: the media node has closed the producers; nothing is sent, the transport stays up and warm. */
  async park(): Promise<void> {
    this.#open = false;
    await Promise.all(
      [...this.#producers.values()].map(async (local) => {
        local.producerId = null;
        await this.#put(local);
        await this.#renew(local);
      }),
    );
  }

  /** After `room:attach`: what the media node lost is announced again, what it has too much is closed. */
  async reconcile(theirs: readonly ProducerInfo[]): Promise<void> {
    const remaining = new Map(theirs.map((info) => [info.producerId, info]));
    const work: Promise<unknown>[] = [];
    for (const local of this.#producers.values()) {
      // Never announced here, yet known there: only the ack was lost.
      if (!local.spent) local.producerId = theirs.find(({ source }) => source === local.source)?.producerId ?? null;
      const info = local.producerId === null ? undefined : remaining.get(local.producerId);
      if (info) {
        remaining.delete(info.producerId);
        local.spent = true;
        work.push(this.#put(local));
        if (info.paused !== local.paused) work.push(this.#tellPaused(local));
      } else {
        local.producerId = null;
        work.push(this.#announce(local));
      }
    }
    for (const producerId of remaining.keys()) work.push(this.#request('producer:close', { producerId }));
    await Promise.all(work);
  }

  /** What was sent so far, and what came back on the same transport. */
  async counters(): Promise<{ packetsSent: number; feedbackBytes: number }> {
    const { packetsSent, feedbackBytes } = readStats(0, (await this.transport.getStats()).values(), []);
    return { packetsSent, feedbackBytes };
  }

  /** The address of this machine that packets leave from; null where it isn't known. */
  async ownAddress(): Promise<string | null> {
    return ownAddress((await this.transport.getStats()).values());
  }

  /** Media line of the own screen. */
  get screenLines(): ReadonlySet<string> {
    const line = this.#producers.get('screen')?.producer.localId;
    return new Set(line === undefined ? [] : [line]);
  }

  close(): void {
    this.#open = false;
    this.transport.close();
    this.#producers.clear();
  }

  async #add(source: MediaSource, track: MediaStreamTrack, outgoing: Outgoing): Promise<void> {
    const { paused, motion, takesOver = false } = outgoing;
    const producer = await this.#negotiate(source, track);
    // Another track of the same source came while this one was negotiated: one sender is enough.
    const rival = this.#producers.get(source);
    if (rival) {
      producer.close();
      rival.track = track;
      rival.motion = motion;
      await this.#put(rival);
      return;
    }
    const local: LocalProducer = {
      source,
      producer,
      producerId: null,
      spent: false,
      announcing: false,
      track,
      paused,
      motion,
      shaped: 'moving',
      layers: AT_START.layers,
      raising: undefined,
      takesOver,
    };
    this.#producers.set(source, local);
    await this.#announce(local);
  }

  /** @returns a sender that sends nothing yet and begins with its lowest layer */
  async #negotiate(source: MediaSource, track: MediaStreamTrack): Promise<types.Producer> {
    const { encodings, codecOptions } = produceSettings(source);
    const emptied: Promise<void>[] = [];
    const codec = this.#codecOf(source);
    const producer = await this.transport.produce({
      track,
      encodings,
      codecOptions,
      ...(codec ? { codec } : {}),
      // LocalMedia owns the tracks; a transport that closes must not stop the camera.
      stopTracks: false,
      disableTrackOnPause: false,
      onRtpSender: (sender) => emptied.push(sender.replaceTrack(null)),
    });
    await Promise.all(emptied);
    if (producer.rtpSender)
      await this.#shape(producer.rtpSender, { source, motion: 'moving', layers: AT_START.layers });
    return producer;
  }

  /** VP8 thins a screen's frames for weak receivers; encoders of hardware for H.264 don't, and blur letters. */
  #codecOf(source: MediaSource): types.RtpCodecCapability | undefined {
    if (kindOf(source) === 'audio') return undefined;
    return source === 'screen' ? this.#codecNamed('VP8') : this.#codec;
  }

  /**
   * A simulcast sender can be announced once only: browsers name their layers (RID) in the first packets, until the
   * other end has acknowledged them, and a second Producer would wait for those names in vain. A fresh sender starts
   * over.
   */
  async #renew(local: LocalProducer): Promise<void> {
    if (!local.spent || local.track === null) return;
    local.spent = false;
    if (!local.producer.rtpParameters.encodings?.some(({ rid }) => rid !== undefined)) return;
    local.producer.close();
    local.producer = await this.#negotiate(local.source, local.track);
  }

  async #announce(local: LocalProducer): Promise<void> {
    if (!this.#open || local.producerId !== null || local.announcing) return;
    local.announcing = true;
    try {
      await this.#renew(local);
      // Switched off: there is nothing to announce until there is a track again.
      if (local.spent) return;
      const { producer, source, paused } = local;
      const { producerId } = await this.#request('producer:create', {
        transportId: this.transport.id,
        kind: kindOf(source),
        source,
        rtpParameters: withPauses(producer.rtpParameters),
        paused,
        takesOver: local.takesOver,
      });
      local.takesOver = false;
      // Stopped while it was being announced.
      if (this.#producers.get(source) !== local) {
        await this.#request('producer:close', { producerId });
        return;
      }
      local.producerId = ProducerId.parse(producerId);
      local.spent = true;
      // Only now: packets that come before the media node knows the Producer are dropped, the first key frame with
      // them, and the browser answers a second request for one within 300 ms not at all.
      await this.#put(local);
      if (local.paused !== paused) await this.#tellPaused(local);
    } catch (error) {
      // Parked again meanwhile: that is not a fault, `open()` comes back.
      if (error instanceof AppError && error.code === 'PARKED') return;
      if (local.source !== 'screen' || !isRefusal(error)) throw error;
      this.#producers.delete(local.source);
      local.producer.close();
      this.#onScreenRefused();
    } finally {
      local.announcing = false;
    }
  }

  async #tellPaused({ producerId, paused }: LocalProducer): Promise<void> {
    if (producerId !== null) await this.#request(paused ? 'producer:pause' : 'producer:resume', { producerId });
  }

  /** Gives the sender what it should send now. Goes past mediasoup-client's queue, which may be busy with SDP. */
  async #put(local: LocalProducer): Promise<void> {
    const sender = local.producer.rtpSender;
    const wanted = this.#open && local.producerId !== null ? local.track : null;
    if (!sender || local.producer.closed) return;
    const { motion } = local;
    if (sender.track === wanted && local.shaped === motion) return;
    const starts = sender.track === null;
    const movesAgain = local.shaped === 'stills' && motion === 'moving';
    const beginning = starts || wanted === null ? AT_START : movesAgain ? AFTER_SLIDES : null;
    if (sender.track !== wanted) await sender.replaceTrack(wanted);
    local.shaped = motion;
    if (beginning !== null) local.layers = beginning.layers;
    await this.#shape(sender, local);
    if (beginning !== null && wanted !== null) this.#raiseLayers(local, sender, beginning.forMs);
  }

  #raiseLayers(local: LocalProducer, sender: RTCRtpSender, afterMs: number): void {
    clearTimeout(local.raising);
    local.raising = setTimeout(() => {
      if (sender.track === null || local.producer.closed) return;
      local.layers = Number.POSITIVE_INFINITY;
      this.#shape(sender, local).catch(this.#onFault);
    }, afterMs);
  }

  /** What a sender sends of its source. */
  #shape(
    sender: RTCRtpSender,
    { source, motion, layers }: Pick<LocalProducer, 'source' | 'motion' | 'layers'>,
  ): Promise<void> {
    const lowest = lowestOf(source);
    const shape = { motion, slideBitrate: this.#slideBitrate };
    if (source === 'microphone') return setVoice(sender, lowest.maxBitrate, motion);
    return source === 'screen' ? keepLines(sender, lowest.maxBitrate, shape) : setLayers(sender, lowest, shape, layers);
  }
}

/** Nothing that a repair could change: somebody else shares, or this participant may not. */
const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'LIMIT_REACHED' || error.code === 'FORBIDDEN');

function lowestOf(source: MediaSource): Pick<RTCRtpEncodingParameters, 'scaleResolutionDownBy' | 'maxBitrate'> {
  const { scaleResolutionDownBy = 1, maxBitrate } = produceSettings(source).encodings[0] ?? {};
  return { scaleResolutionDownBy, ...(maxBitrate === undefined ? {} : { maxBitrate }) };
}

/**
 * A slide sends nothing for seconds. The media node takes a simulcast layer that is silent for 1.5 s for dead, one that is
 * announced with `dtx` only after 5 s; of the others it must notice soon that the browser has dropped them.
 */
const withPauses = (parameters: types.RtpParameters): types.RtpParameters => ({
  ...parameters,
  ...(parameters.encodings === undefined
    ? {}
    : { encodings: parameters.encodings.map((one, index) => (index === 0 ? { ...one, dtx: true } : one)) }),
});
