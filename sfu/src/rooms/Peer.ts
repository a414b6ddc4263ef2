import { AppError, type PeerId } from '@cloud-hospital/protocol';
import type {
  ConsumerInfo,
  PeerRights,
  RtpCapabilities,
  SfuRequestData,
  TransportDirection,
} from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import type { Logger } from 'pino';
import type { BitrateLimits } from '../config.ts';
import { assertKind } from '../media/mediaErrors.ts';
import { type ConnectionState, isConnected } from './connectionState.ts';
import { ConsumerSet, type Offer } from './ConsumerSet.ts';
import type { Notifier, PeerAddress } from './Notifier.ts';
import { PeerTransport } from './PeerTransport.ts';
import { type PeerProducer, ProducerSet } from './ProducerSet.ts';

export type PeerOptions = {
  readonly address: PeerAddress;
  readonly rights: PeerRights;
  readonly attachment: number;
  readonly replicaId: string;
  readonly router: mediasoup.Router;
  readonly webRtcServer: mediasoup.WebRtcServer;
  readonly bitrates: BitrateLimits;
  readonly notifier: Notifier;
  readonly logger: Logger;
  /** The room tells everyone. */
  readonly onConnectionChanged: (peer: Peer, direction: TransportDirection, state: ConnectionState) => void;
  readonly onFirstRtp: () => void;
};

/**
 * One participant: its rights, its two transports, what it produces and consumes. Knows nothing of the other peers;
 * the Room brings them together.
 */
export class Peer {
  readonly address: PeerAddress;
  readonly producers: ProducerSet;
  readonly consumers: ConsumerSet;
  readonly #options: PeerOptions;
  readonly #transports = new Map<TransportDirection, PeerTransport>();
  #rights: PeerRights;
  #attachment: number;
  #replicaId: string;
  #rtpCapabilities: RtpCapabilities | undefined;
  #closed = false;

  constructor(options: PeerOptions) {
    this.address = options.address;
    this.#options = options;
    this.#rights = options.rights;
    this.#attachment = options.attachment;
    this.#replicaId = options.replicaId;
    this.producers = new ProducerSet(options.onFirstRtp);
    this.consumers = new ConsumerSet({
      address: options.address,
      notify: (name, data) => {
        options.notifier.notify(this.#replicaId, name, data);
      },
      isAlive: () => !this.#closed && !options.router.closed,
      logger: options.logger,
    });
  }

  get peerId(): PeerId {
    return this.address.peerId;
  }

  get rights(): PeerRights {
    return this.#rights;
  }

  get attachment(): number {
    return this.#attachment;
  }

  /** The replica that hears this peer's notifications. */
  get replicaId(): string {
    return this.#replicaId;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get connected(): boolean {
    return isConnected(this.transports.map(({ state }) => state));
  }

  get transports(): readonly PeerTransport[] {
    return [...this.#transports.values()];
  }

  /**
   * A returning socket takes the notifications over.
   *
   * @throws AppError ATTACHED_ELSEWHERE when a newer socket already has; a thawed replica learns it so
   */
  attach(attachment: number, replicaId: string): void {
    if (attachment < this.#attachment) throw new AppError('ATTACHED_ELSEWHERE');
    this.#attachment = attachment;
    this.#replicaId = replicaId;
  }

  /** @param rtpCapabilities checked by `assertCapabilities` before */
  setCapabilities(rtpCapabilities: RtpCapabilities): void {
    this.#rtpCapabilities = rtpCapabilities;
  }

  /** To parked closes all that is produced and consumed, and what is in the making when it arrives. */
  setRights(rights: PeerRights): void {
    this.#rights = rights;
    if (rights === 'active') return;
    this.producers.close();
    this.consumers.close();
  }

  /** Replaces the transport of that direction, if there is one, with what is on it. */
  async createTransport(direction: TransportDirection): Promise<PeerTransport> {
    const { router, webRtcServer, bitrates, onConnectionChanged } = this.#options;
    const transport = await PeerTransport.create({
      router,
      webRtcServer,
      direction,
      bitrates,
      onStateChanged: (state) => {
        onConnectionChanged(this, direction, state);
      },
    });
    if (this.#closed) {
      transport.close();
      throw new AppError('NOT_JOINED');
    }
    this.#transports.get(direction)?.close();
    this.#transports.set(direction, transport);
    return transport;
  }

  /** @throws AppError NOT_FOUND */
  assertAndGetTransport(transportId: string): PeerTransport {
    const transport = this.transports.find((candidate) => candidate.transportId === transportId);
    if (transport === undefined) throw new AppError('NOT_FOUND');
    return transport;
  }

  /**
   * @throws AppError PARKED, NOT_FOUND for the transport, BAD_REQUEST for its direction or the parameters
   */
  async produce(request: SfuRequestData<'producer:create'>): Promise<PeerProducer> {
    this.assertActive();
    assertKind(request.kind, request.rtpParameters);
    const transport = this.assertAndGetTransport(request.transportId);
    if (transport.direction !== 'send') throw new AppError('BAD_REQUEST', { reason: 'not a send transport' });
    const producer = await this.producers.create(transport, request);
    if (this.#closed || this.#rights !== 'active') {
      producer.close();
      throw new AppError(this.#closed ? 'NOT_JOINED' : 'PARKED');
    }
    return producer;
  }

  /**
   * Makes the paused Consumer for one offer, if this peer may and can consume it. What fails here is written to the
   * log and left out: one peer's odd capabilities must not fail another peer's `producer:create`.
   */
  async consume(offer: Offer): Promise<ConsumerInfo | undefined> {
    const { router, logger } = this.#options;
    const transport = this.#transports.get('recv');
    const rtpCapabilities = this.#rtpCapabilities;
    if (this.#closed || this.#rights !== 'active' || transport === undefined || rtpCapabilities === undefined) {
      return undefined;
    }
    const { producer } = offer;
    if (producer.closed) return undefined;
    if (!router.canConsume({ producerId: producer.id, rtpCapabilities })) {
      logger.warn({ ...this.address, producerId: producer.id }, 'peer has no codec for this Producer');
      return undefined;
    }
    try {
      const isWanted = (): boolean => !this.#closed && this.#rights === 'active';
      return await this.consumers.create(transport, rtpCapabilities, offer, isWanted);
    } catch (error) {
      const gone = producer.closed || transport.closed;
      logger[gone ? 'debug' : 'warn']({ ...this.address, producerId: producer.id, err: error }, 'no Consumer');
      return undefined;
    }
  }

  /** @throws AppError PARKED */
  assertActive(): void {
    if (this.#rights !== 'active') throw new AppError('PARKED');
  }

  /** Ends both transports and with them all Producers and Consumers; idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transport of this.transports) transport.close();
    this.#transports.clear();
  }
}
