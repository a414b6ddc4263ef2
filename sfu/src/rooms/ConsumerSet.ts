import { AppError, ConsumerId, type PeerId, ProducerId } from '@cloud-hospital/protocol';
import type {
  ConsumerInfo,
  ConsumerLayers,
  SfuNotificationData,
  SfuNotificationName,
  RtpCapabilities,
} from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import type { Logger } from 'pino';
import { refusingBadParameters } from '../media/mediaErrors.ts';
import { afterLayer, afterWish, NO_RISES, type Rises } from './failedRise.ts';
import type { PeerAddress } from './Notifier.ts';
import type { PeerTransport } from './PeerTransport.ts';
import type { PeerProducer } from './ProducerSet.ts';

/** A Producer together with the peer it belongs to, as offered to the others. */
export type Offer = { readonly peerId: PeerId; readonly producer: PeerProducer };

export type ConsumerSetOptions = {
  readonly address: PeerAddress;
  /** Tells the receiving peer. */
  readonly notify: <Name extends SfuNotificationName>(name: Name, data: SfuNotificationData<Name>) => void;
  /** False once the whole peer or room ends: then one message says it, not one for each Consumer. */
  readonly isAlive: () => boolean;
  readonly logger: Logger;
};

type Entry = {
  readonly consumer: mediasoup.Consumer;
  readonly offer: Offer;
  /** Held to the lowest simulcast layer until its first frame is through; see `create`. */
  startsLow: boolean;
  /** What the receiver wishes for; at first the best there is. */
  wish: ConsumerLayers;
  rises: Rises;
  holding: NodeJS.Timeout | undefined;
};

/** The Consumers of one peer, at most one for each Producer, all created paused. */
export class ConsumerSet {
  readonly #options: ConsumerSetOptions;
  readonly #entries = new Map<string, Entry>();
  /** Producers that are consumed or about to be; decided before the first `await`, so that crossing requests make one. */
  readonly #producerIds = new Set<string>();

  constructor(options: ConsumerSetOptions) {
    this.#options = options;
  }

  get all(): readonly mediasoup.Consumer[] {
    return Array.from(this.#entries.values(), ({ consumer }) => consumer);
  }

  get infos(): ConsumerInfo[] {
    return Array.from(this.#entries.values(), infoOf);
  }

  /**
   * Creates the paused Consumer of one Producer. In simulcast it starts on the lowest layer and rises with the first
   * frame: mediasoup would choose by the estimate and ask for a key frame of a higher layer, which a browser ignores
   * within 300 ms of the one before, and then wait a second to ask again.
   *
   * @param isWanted asked again when the worker has answered: rights may have changed meanwhile
   * @returns undefined when there is one already (or in the making), or it is no longer wanted
   * @throws AppError of `refusingBadParameters`
   */
  async create(
    transport: PeerTransport,
    rtpCapabilities: RtpCapabilities,
    offer: Offer,
    isWanted: () => boolean,
  ): Promise<ConsumerInfo | undefined> {
    const producerId = offer.producer.id;
    if (this.#producerIds.has(producerId)) return undefined;
    this.#producerIds.add(producerId);
    try {
      // Retransmission for sound, too, which mediasoup leaves off: FEC repairs one lost packet, not two in a row.
      const startsLow = offer.producer.type === 'simulcast';
      const consumer = await transport.consume({
        producerId,
        rtpCapabilities,
        paused: true,
        enableRtx: true,
        ...(startsLow ? { preferredLayers: { spatialLayer: 0 } } : {}),
      });
      if (consumer.closed || !isWanted()) {
        consumer.close();
        this.#producerIds.delete(producerId);
        return undefined;
      }
      const best = (offer.producer.rtpParameters.encodings?.length ?? 1) - 1;
      const wish = { spatialLayer: best };
      const entry: Entry = { consumer, offer, startsLow, wish, rises: NO_RISES, holding: undefined };
      this.#add(entry);
      return infoOf(entry);
    } catch (error) {
      this.#producerIds.delete(producerId);
      throw error;
    }
  }

  /** @throws AppError NOT_FOUND */
  assertAndGet(consumerId: string): mediasoup.Consumer {
    return this.#assertAndGetEntry(consumerId).consumer;
  }

  /**
   * The receiver's own wish, which from now on is kept.
   *
   * @throws AppError NOT_FOUND
   */
  async setLayers(consumerId: string, layers: ConsumerLayers): Promise<void> {
    const entry = this.#assertAndGetEntry(consumerId);
    entry.startsLow = false;
    entry.wish = layers;
    entry.rises = afterWish(entry.rises, layers.spatialLayer);
    await refusingBadParameters(() => prefer(entry));
  }

  close(): void {
    for (const consumer of this.all) consumer.close();
  }

  #add(entry: Entry): void {
    const { address, notify, isAlive } = this.#options;
    const { consumer, offer } = entry;
    const consumerId = ConsumerId.parse(consumer.id);
    this.#entries.set(consumer.id, entry);

    const onScore = ({ score, producerScore }: mediasoup.ConsumerScore): void => {
      notify('consumer:score', { ...address, consumerId, score, producerScore });
    };
    const onLayersChange = (layers?: mediasoup.ConsumerLayers): void => {
      notify('consumer:layers-changed', { ...address, consumerId, layers: layers ?? null });
      this.#hold(entry, layers?.spatialLayer ?? null);
      if (layers !== undefined && entry.startsLow) {
        entry.startsLow = false;
        this.#apply(entry);
      }
    };
    const onProducerPause = (): void => {
      notify('consumer:paused', { ...address, consumerId });
    };
    const onProducerResume = (): void => {
      notify('consumer:resumed', { ...address, consumerId });
    };
    consumer.on('score', onScore);
    consumer.on('layerschange', onLayersChange);
    consumer.on('producerpause', onProducerPause);
    consumer.on('producerresume', onProducerResume);
    consumer.observer.once('close', () => {
      consumer.off('score', onScore);
      consumer.off('layerschange', onLayersChange);
      consumer.off('producerpause', onProducerPause);
      consumer.off('producerresume', onProducerResume);
      clearTimeout(entry.holding);
      this.#entries.delete(consumer.id);
      this.#producerIds.delete(offer.producer.id);
      if (isAlive()) notify('consumer:closed', { ...address, consumerId });
    });
  }

  /** What fell soon after it rose is not tried again before its time. */
  #hold(entry: Entry, layer: number | null): void {
    const before = entry.rises;
    entry.rises = afterLayer(before, layer, performance.now());
    const { ceiling, holdMs } = entry.rises;
    if (ceiling === before.ceiling) return;
    this.#options.logger.debug({ ...this.#options.address, ceiling, holdMs }, 'a layer that failed is held');
    clearTimeout(entry.holding);
    entry.holding = setTimeout(() => {
      entry.rises = { ...entry.rises, ceiling: null };
      this.#apply(entry);
    }, holdMs);
    entry.holding.unref();
    this.#apply(entry);
  }

  #apply(entry: Entry): void {
    const { address, logger } = this.#options;
    // Closed in this instant.
    prefer(entry).catch((error: unknown) => logger.debug({ ...address, err: error }, 'layers not set'));
  }

  #assertAndGetEntry(consumerId: string): Entry {
    const entry = this.#entries.get(consumerId);
    if (entry === undefined) throw new AppError('NOT_FOUND');
    return entry;
  }
}

/** Asks for what the receiver wishes, as far as it may be tried. */
function prefer({ consumer, wish: { spatialLayer, temporalLayer }, rises: { ceiling } }: Entry): Promise<void> {
  const layer = Math.min(spatialLayer, ceiling ?? spatialLayer);
  return consumer.setPreferredLayers(
    temporalLayer === undefined ? { spatialLayer: layer } : { spatialLayer: layer, temporalLayer },
  );
}

function infoOf({ consumer, offer }: Entry): ConsumerInfo {
  return {
    consumerId: ConsumerId.parse(consumer.id),
    producerId: ProducerId.parse(consumer.producerId),
    peerId: offer.peerId,
    kind: consumer.kind,
    source: offer.producer.appData.source,
    rtpParameters: consumer.rtpParameters,
    type: consumer.type,
    producerPaused: consumer.producerPaused,
  };
}
