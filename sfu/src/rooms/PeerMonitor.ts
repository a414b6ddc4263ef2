import type { TransportDirection } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import { inBackground } from '../inBackground.ts';
import type { Notifier } from './Notifier.ts';
import type { Peer } from './Peer.ts';
import type { PeerTransport } from './PeerTransport.ts';
import type { Room } from './Room.ts';

export type PeerMonitorOptions = {
  readonly rooms: () => readonly Room[];
  readonly notifier: Notifier;
  /** Milliseconds without ICE and without a link until a peer is closed. */
  readonly ghostAfterMs: number;
  /** bit/s that a send transport was told to keep to. */
  readonly maxIncomingBitrate: number;
  readonly logger: Logger;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
};

/** Two samples without a packet tell a lost peer within 4.5 s, where ICE consent takes 10 s. */
const INTERVAL_MS = 1_500;
/** A browser's estimator may overshoot the cap; one that sends twice as much for this many samples ignores it. */
const FLOOD_FACTOR = 2;
const FLOOD_SAMPLES = 3;

/**
 * Looks at all peers once in a while: who sends nothing any more, who sends far more than allowed, to whom no picture
 * gets through, and who is a ghost: neither ICE nor any replica holds it.
 */
export class PeerMonitor {
  readonly #options: PeerMonitorOptions;
  readonly #goneSince = new WeakMap<Peer, number>();
  readonly #floodSamples = new WeakMap<Peer, number>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(options: PeerMonitorOptions) {
    this.#options = options;
    // Looked at four times in the time a ghost is allowed, so that short times of tests are kept too.
    const intervalMs = Math.min(INTERVAL_MS, Math.ceil(options.ghostAfterMs / 4));
    this.#timer = setInterval(() => {
      this.#closeGhosts();
      inBackground(this.#sampleAll(), options.logger);
    }, intervalMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #closeGhosts(): void {
    const { rooms, notifier, ghostAfterMs, now } = this.#options;
    for (const room of rooms()) {
      for (const peer of room.peers) {
        if (peer.connected || notifier.isLinked(peer.replicaId)) {
          this.#goneSince.delete(peer);
          continue;
        }
        const since = this.#goneSince.get(peer) ?? now();
        this.#goneSince.set(peer, since);
        if (now() - since >= ghostAfterMs) room.closePeer(peer.peerId, 'ghost');
      }
    }
  }

  async #sampleAll(): Promise<void> {
    // A hanging worker answers none of them; the next round waits for it instead of piling up.
    if (this.#looking) return;
    this.#looking = true;
    try {
      await Promise.all(
        this.#options
          .rooms()
          .flatMap((room) =>
            room.peers.flatMap((peer) => [this.#sampleUplink(room, peer), this.#sampleDownlink(peer)]),
          ),
      );
    } finally {
      this.#looking = false;
    }
  }

  async #sampleUplink(room: Room, peer: Peer): Promise<void> {
    const transport = transportOf(peer, 'send');
    if (transport === undefined) return;
    try {
      const bitrate = await transport.sample(peer.producers.expectsPackets);
      const flooding = bitrate > this.#options.maxIncomingBitrate * FLOOD_FACTOR;
      const samples = flooding ? (this.#floodSamples.get(peer) ?? 0) + 1 : 0;
      this.#floodSamples.set(peer, samples);
      if (samples < FLOOD_SAMPLES) return;
      this.#options.logger.warn({ ...peer.address, bitrate }, 'peer floods');
      room.closePeer(peer.peerId, 'flood');
    } catch (error) {
      this.#noSample(peer, error);
    }
  }

  async #sampleDownlink(peer: Peer): Promise<void> {
    try {
      const starved = await transportOf(peer, 'recv')?.sampleDownlink();
      if (starved === true) this.#options.logger.info(peer.address, 'downlink is starved');
    } catch (error) {
      this.#noSample(peer, error);
    }
  }

  /** The transport closed while it was asked; whoever closed it says so. */
  #noSample(peer: Peer, error: unknown): void {
    this.#options.logger.debug({ ...peer.address, err: error }, 'no sample');
  }
}

const transportOf = (peer: Peer, wanted: TransportDirection): PeerTransport | undefined =>
  peer.transports.find(({ direction, state }) => direction === wanted && state !== 'new');
