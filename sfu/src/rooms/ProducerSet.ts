import { AppError, ProducerId } from '@cloud-hospital/protocol';
import type { MediaSource, ProducerInfo, SfuRequestData } from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import { KEY_FRAME_REQUEST_DELAY_MS, MAX_PRODUCERS_PER_PEER } from '../media/mediaCodecs.ts';
import type { PeerTransport } from './PeerTransport.ts';

export type PeerProducer = mediasoup.Producer<{ source: MediaSource }>;

/** The Producers of one peer. */
export class ProducerSet {
  readonly #producers = new Map<string, PeerProducer>();
  readonly #onFirstRtp: () => void;
  /** Producers asked for and not yet there; they count against the limit. */
  #creating = 0;

  /** @param onFirstRtp called for each Producer when its first packet arrives */
  constructor(onFirstRtp: () => void) {
    this.#onFirstRtp = onFirstRtp;
  }

  get all(): readonly PeerProducer[] {
    return [...this.#producers.values()];
  }

  get infos(): ProducerInfo[] {
    return this.all.map((producer) => ({
      producerId: ProducerId.parse(producer.id),
      kind: producer.kind,
      source: producer.appData.source,
      paused: producer.paused,
    }));
  }

  /** Something unpaused is here, so packets are due. */
  get expectsPackets(): boolean {
    return this.all.some(({ paused }) => !paused);
  }

  has(producerId: string): boolean {
    return this.#producers.has(producerId);
  }

  /**
   * @throws AppError BAD_REQUEST for RTP parameters that mediasoup refuses, LIMIT_REACHED for too many
   */
  async create(transport: PeerTransport, request: SfuRequestData<'producer:create'>): Promise<PeerProducer> {
    if (this.#producers.size + this.#creating >= MAX_PRODUCERS_PER_PEER) throw new AppError('LIMIT_REACHED');
    const { kind, source, rtpParameters, paused } = request;
    this.#creating += 1;
    try {
      const producer = await transport.produce({
        kind,
        rtpParameters,
        paused,
        keyFrameRequestDelay: KEY_FRAME_REQUEST_DELAY_MS,
        appData: { source },
      });
      this.#add(producer);
      return producer;
    } finally {
      this.#creating -= 1;
    }
  }

  /** @throws AppError NOT_FOUND */
  assertAndGet(producerId: string): PeerProducer {
    const producer = this.#producers.get(producerId);
    if (producer === undefined) throw new AppError('NOT_FOUND');
    return producer;
  }

  close(): void {
    for (const producer of this.all) producer.close();
  }

  #add(producer: PeerProducer): void {
    this.#producers.set(producer.id, producer);
    // mediasoup gives the first score in the instant the first packet of a stream arrives.
    const onScore = (): void => {
      producer.off('score', onScore);
      this.#onFirstRtp();
    };
    producer.on('score', onScore);
    producer.observer.once('close', () => {
      producer.off('score', onScore);
      this.#producers.delete(producer.id);
    });
  }
}
