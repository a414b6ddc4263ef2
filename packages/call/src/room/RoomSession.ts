import { AppError, type ConsumerId, type EncounterId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type {
  ConsumerInfo,
  MediaSource,
  PeerRights,
  RoomState,
  SocketResponseData,
  TransportDirection,
} from '@cloud-hospital/protocol/socket';
import type { Device, types } from 'mediasoup-client';
import { chooseVideoCodec } from '../local/chooseVideoCodec.ts';
import type { VideoCodec } from '../local/encodings.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import type { DeviceLoader } from './DeviceLoader.ts';
import { type MediaRequests, mediaRequests } from './MediaRequests.ts';
import type { NetworkFrame } from './NetworkFrame.ts';
import { type Received, ReceiveSide } from './ReceiveSide.ts';
import { type Outgoing, SendSide } from './SendSide.ts';

/** What a session tells its owner. None is called after `close()`. */
export interface RoomSessionListener {
  streamAdded(received: Received): void;
  streamRemoved(consumerId: ConsumerId): void;
  streamFlowing(consumerId: ConsumerId): void;
  transportChanged(direction: TransportDirection, state: types.ConnectionState): void;
  /** Another participant shares a screen already, or this one may not. */
  screenRefused(): void;
  /** A request failed, or the browser's stack did; the owner decides which repair follows. */
  fault(error: unknown): void;
}

interface JoinOptions {
  readonly signal: SignalClient;
  readonly encounterId: EncounterId;
  readonly devices: DeviceLoader;
  /** Chosen by what this machine encodes in hardware, unless it is named. */
  readonly videoCodec: VideoCodec | undefined;
  /** Whose peer connections are used, instead of the page's own; it is closed with the session. */
  readonly networks: NetworkFrame | null;
  readonly listener: RoomSessionListener;
}

/** Joining may wait for a lost socket and for the media node; milliseconds. */
const JOIN_TIMEOUT_MS = 8_000;

/**
 * One join of a room: lives from `room:join` to the next one. Both transports, what is sent and what is received.
 * It repairs nothing itself.
 */
export class RoomSession {
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly peerId: PeerId;
  readonly send: SendSide;
  readonly receive: ReceiveSide;
  readonly #request: MediaRequests;
  readonly #listener: RoomSessionListener;
  readonly #networks: NetworkFrame | null;
  #rights: PeerRights = 'parked';
  #closed = false;

  /**
   * One round trip, then both transports come up by themselves.
   * @throws AppError of `room:join`; UnsupportedError of mediasoup-client
   */
  static async join(options: JoinOptions): Promise<{ session: RoomSession; state: RoomState }> {
    const { signal, encounterId, devices } = options;
    const capabilities = devices.rtpCapabilities;
    const instanceId = await signal.claimInstance();
    const [joined, videoCodec] = await Promise.all([
      signal.request(
        'room:join',
        { encounterId, instanceId, ...(capabilities ? { rtpCapabilities: capabilities } : {}) },
        { timeoutMs: JOIN_TIMEOUT_MS },
      ),
      options.videoCodec ?? chooseVideoCodec(),
    ]);
    const device = await devices.load(joined.routerRtpCapabilities);
    const make = (): RoomSession => new RoomSession(device, joined, { ...options, videoCodec });
    const session = options.networks === null ? make() : options.networks.within(make);
    session.#begin(capabilities === undefined ? device : null, joined);
    return { session, state: joined };
  }

  private constructor(
    device: Device,
    joined: SocketResponseData<'room:join'>,
    options: JoinOptions & { readonly videoCodec: VideoCodec },
  ) {
    this.roomId = joined.roomId;
    this.epoch = joined.epoch;
    this.peerId = joined.peerId;
    this.#listener = options.listener;
    this.#networks = options.networks;
    this.#request = mediaRequests(options.signal, joined);
    const onFault = (error: unknown): void => this.#fault(error);
    const shared = { iceServers: joined.iceServers, request: this.#request, onFault };
    this.send = new SendSide(device, joined.sendTransport, {
      ...shared,
      videoCodec: options.videoCodec,
      onScreenRefused: () => {
        if (!this.#closed) this.#listener.screenRefused();
      },
    });
    this.receive = new ReceiveSide(device, joined.recvTransport, {
      ...shared,
      onFlow: (consumerId) => this.#listener.streamFlowing(consumerId),
    });
    for (const { direction, transport } of [
      { direction: 'send' as const, transport: this.send.transport },
      { direction: 'recv' as const, transport: this.receive.transport },
    ]) {
      transport.on('connectionstatechange', (state) => {
        if (!this.#closed) this.#listener.transportChanged(direction, state);
      });
    }
  }

  get rights(): PeerRights {
    return this.#rights;
  }

  get closed(): boolean {
    return this.#closed;
  }

  setTrack(source: MediaSource, outgoing: Outgoing): void {
    this.#run(this.send.setTrack(source, outgoing));
  }

  remove(source: MediaSource): void {
    this.#run(this.send.remove(source));
  }

  setPaused(source: MediaSource, paused: boolean): void {
    this.#run(this.send.setPaused(source, paused));
  }

  /** Rights rose to active. Idempotent. Sending and receiving start in parallel. */
  open(consumers: readonly ConsumerInfo[]): void {
    this.#rights = 'active';
    this.#run(this.send.open());
    this.consume(consumers);
  }

  /** Back to parked: the media node has closed producers and consumers; the transports stay up. */
  park(): void {
    this.#rights = 'parked';
    this.receive.clear();
    this.#run(this.send.park());
  }

  consume(consumers: readonly ConsumerInfo[]): void {
    for (const info of consumers) this.#run(this.#consumeOne(info));
  }

  setLayer(consumerId: ConsumerId, spatialLayer: number): void {
    this.#run(this.receive.setLayers(consumerId, { spatialLayer }));
  }

  removeConsumer(consumerId: ConsumerId): void {
    this.receive.remove(consumerId);
    this.#listener.streamRemoved(consumerId);
  }

  /** After `room:attach`: makes both sides agree with what the media node has. */
  async reconcile(state: RoomState): Promise<void> {
    for (const consumerId of this.receive.missingFrom(state.consumers)) this.removeConsumer(consumerId);
    if (state.rights === 'parked') {
      if (this.#rights === 'active') this.park();
      return;
    }
    if (this.#rights === 'parked') this.open(state.consumers);
    else this.consume(state.consumers);
    await Promise.all([this.receive.resumeAll(), this.send.reconcile(state.producers)]);
  }

  /** New ICE credentials for both transports; the media node answers on its old address. @throws AppError */
  async restartIce(): Promise<void> {
    await Promise.all(
      [this.send.transport, this.receive.transport]
        .filter((transport) => transport.connectionState !== 'new')
        .map(async (transport) => {
          const { iceParameters } = await this.#request('transport:restart-ice', { transportId: transport.id });
          if (!this.#closed) await transport.restartIce({ iceParameters });
        }),
    );
  }

  request: MediaRequests = (name, data) => this.#request(name, data);

  /** Ends the session in the browser only; `room:leave` is its owner's to say. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.send.close();
    this.receive.close();
    this.#networks?.close();
  }

  #begin(unannounced: Device | null, joined: RoomState): void {
    this.#rights = joined.rights;
    if (joined.rights === 'active') this.open(joined.consumers);
    // Without consumers yet, the receiving transport needs a reason to connect.
    if (joined.consumers.length === 0) this.#run(this.receive.warmUp());
    if (unannounced) this.#run(this.#announceCapabilities(unannounced));
  }

  async #announceCapabilities(device: Device): Promise<void> {
    const { consumers } = await this.#request('peer:set-capabilities', { rtpCapabilities: device.recvRtpCapabilities });
    this.consume(consumers);
  }

  async #consumeOne(info: ConsumerInfo): Promise<void> {
    const received = await this.receive.consume(info);
    if (!received || this.#closed) return;
    this.#listener.streamAdded(received);
    try {
      await this.receive.resume(info.consumerId);
    } catch (error) {
      // Closed by the media node while we set it up: its notification may have come before we knew the consumer.
      if (error instanceof AppError && error.code === 'NOT_FOUND') this.removeConsumer(info.consumerId);
      else throw error;
    }
  }

  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#fault(error));
  }

  #fault(error: unknown): void {
    if (!this.#closed) this.#listener.fault(error);
  }
}
