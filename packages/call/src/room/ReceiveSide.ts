import type { ConsumerId } from '@cloud-hospital/protocol';
import type { ConsumerInfo, ConsumerLayers, TransportParameters } from '@cloud-hospital/protocol/socket';
import type { Device, types } from 'mediasoup-client';
import type { MediaRequests } from './MediaRequests.ts';
import { toClientRtpParameters } from './mediasoupTypes.ts';
import { warmUpRtpParameters } from './warmUp.ts';

export interface Received {
  readonly info: ConsumerInfo;
  readonly track: MediaStreamTrack;
}

interface RemoteConsumer extends Received {
  readonly consumer: types.Consumer;
  /** What was last asked of the media node. */
  layers: ConsumerLayers | null;
  paused: boolean;
}

/** How often it is looked whether the first packet has been played out, milliseconds. */
const FLOW_POLL_MS = 40;

/** The receiving half of a joined room. Consumers start paused; each is resumed as soon as the browser can take it. */
export class ReceiveSide {
  readonly transport: types.Transport;
  readonly #request: MediaRequests;
  readonly #device: Device;
  readonly #consumers = new Map<ConsumerId, RemoteConsumer>();
  /** Being set up; closed or paused meanwhile. */
  readonly #pending = new Map<ConsumerId, { paused: boolean; closed: boolean }>();
  readonly #onFlow: (consumerId: ConsumerId) => void;
  readonly #waiting = new Set<ConsumerId>();
  #voiceDelayMs: number | null = null;
  #flowTimer: ReturnType<typeof setInterval> | undefined;

  constructor(
    device: Device,
    parameters: TransportParameters,
    options: {
      iceServers: RTCIceServer[];
      request: MediaRequests;
      onFault: (error: unknown) => void;
      /** The first packet of a consumer has been played out. */
      onFlow: (consumerId: ConsumerId) => void;
    },
  ) {
    this.#device = device;
    this.#request = options.request;
    this.#onFlow = options.onFlow;
    this.transport = device.createRecvTransport({
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
  }

  /** Brings ICE and DTLS up before there is anything to receive. */
  async warmUp(): Promise<void> {
    await this.transport.consume({
      id: 'warm',
      producerId: 'warm',
      kind: 'audio',
      rtpParameters: warmUpRtpParameters(this.#device.recvRtpCapabilities),
    });
  }

  /** When the newest packet of the other side was played out, by the browser's own clock; 0 before the first. */
  newestSource(): number {
    let newest = 0;
    for (const { consumer } of this.#consumers.values()) {
      for (const { timestamp } of consumer.rtpReceiver?.getSynchronizationSources() ?? []) {
        newest = Math.max(newest, timestamp);
      }
    }
    return newest;
  }

  /** Media lines of the others' screens. */
  get screenLines(): ReadonlySet<string> {
    const screens = [...this.#consumers.values()].filter(({ info }) => info.source === 'screen');
    return new Set(screens.map(({ consumer }) => consumer.localId));
  }

  get received(): readonly Received[] {
    return [...this.#consumers.values()];
  }

  /**
   * Sets the browser up for a Consumer of the media node and resumes it. Those given in the same turn share one
   * renegotiation. Idempotent by `consumerId`.
   * @returns what is received, or `null` when it was closed or known already
   */
  async consume(info: ConsumerInfo): Promise<Received | null> {
    if (this.#consumers.has(info.consumerId) || this.#pending.has(info.consumerId)) return null;
    const pending = { paused: false, closed: false };
    this.#pending.set(info.consumerId, pending);
    try {
      const consumer = await this.transport.consume({
        id: info.consumerId,
        producerId: info.producerId,
        kind: info.kind,
        rtpParameters: toClientRtpParameters(info.rtpParameters),
        // Audio and video of one peer and source play in step (the remote MediaStream is the synchronisation group).
        streamId: `${info.peerId}-${info.source === 'microphone' ? 'camera' : info.source}`,
      });
      if (pending.closed) {
        consumer.close();
        return null;
      }
      const received = { info, consumer, track: consumer.track, layers: null, paused: false };
      this.#consumers.set(info.consumerId, received);
      this.#delayVoice(consumer);
      this.#watchFlow(info.consumerId);
      return received;
    } finally {
      this.#pending.delete(info.consumerId);
    }
  }

  /** How long voices wait in the browser's jitter buffer, milliseconds; `null`: as it thinks best. Idempotent. */
  setVoiceDelay(milliseconds: number | null): void {
    if (milliseconds === this.#voiceDelayMs) return;
    this.#voiceDelayMs = milliseconds;
    for (const { consumer } of this.#consumers.values()) this.#delayVoice(consumer);
  }

  #delayVoice({ kind, rtpReceiver }: types.Consumer): void {
    // Not in every browser: where it is missing, setting it does nothing.
    if (kind === 'audio' && rtpReceiver !== undefined) rtpReceiver.jitterBufferTarget = this.#voiceDelayMs;
  }

  async resume(consumerId: ConsumerId): Promise<void> {
    const known = this.#consumers.get(consumerId);
    if (!known) return;
    known.paused = false;
    await this.#request('consumer:resume', { consumerId });
  }

  /** After a lost socket: a `consumer:resume` may have been lost with it. Resuming twice does no harm. */
  async resumeAll(): Promise<void> {
    const wanted = [...this.#consumers.entries()].filter(([, { paused }]) => !paused);
    await Promise.all(wanted.map(([consumerId]) => this.resume(consumerId)));
  }

  async pause(consumerId: ConsumerId): Promise<void> {
    const known = this.#consumers.get(consumerId);
    if (!known || known.paused) return;
    known.paused = true;
    await this.#request('consumer:pause', { consumerId });
  }

  /** Asks for layers once per change. */
  async setLayers(consumerId: ConsumerId, layers: ConsumerLayers): Promise<void> {
    const known = this.#consumers.get(consumerId);
    if (!known || known.info.type !== 'simulcast' || known.layers?.spatialLayer === layers.spatialLayer) return;
    known.layers = layers;
    await this.#request('consumer:set-layers', { consumerId, ...layers });
  }

  /** The media node closed it. Idempotent. */
  remove(consumerId: ConsumerId): void {
    const pending = this.#pending.get(consumerId);
    if (pending) pending.closed = true;
    this.#waiting.delete(consumerId);
    this.#consumers.get(consumerId)?.consumer.close();
    this.#consumers.delete(consumerId);
  }

  /** Back to parked: the transport stays up. */
  clear(): void {
    for (const consumerId of [...this.#consumers.keys(), ...this.#pending.keys()]) this.remove(consumerId);
  }

  /** Ids that the media node doesn't have any more. */
  missingFrom(theirs: readonly ConsumerInfo[]): ConsumerId[] {
    const alive = new Set(theirs.map((info) => info.consumerId));
    return [...this.#consumers.keys()].filter((consumerId) => !alive.has(consumerId));
  }

  close(): void {
    clearInterval(this.#flowTimer);
    this.clear();
    this.transport.close();
  }

  #watchFlow(consumerId: ConsumerId): void {
    this.#waiting.add(consumerId);
    this.#flowTimer ??= setInterval(() => this.#lookForFlow(), FLOW_POLL_MS);
  }

  #lookForFlow(): void {
    for (const consumerId of this.#waiting) {
      const receiver = this.#consumers.get(consumerId)?.consumer.rtpReceiver;
      // Synchronous and cheap, unlike getStats(); non-empty once a packet has been played out.
      if (!receiver?.getSynchronizationSources().length) continue;
      this.#waiting.delete(consumerId);
      this.#onFlow(consumerId);
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#flowTimer);
    this.#flowTimer = undefined;
  }
}
