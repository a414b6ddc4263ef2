import { AppError, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type {
  ConsumerInfo,
  PeerMediaState,
  PeerRights,
  RtpCapabilities,
  SfuNotificationData,
  SfuNotificationName,
  SfuRequestData,
  SfuResponseData,
} from '@cloud-hospital/protocol/sfu';
import type { types as mediasoup } from 'mediasoup';
import type { Logger } from 'pino';
import type { BitrateLimits } from '../config.ts';
import { AUDIO_LEVEL_OBSERVER, SPEAKER_OBSERVER } from '../media/mediaCodecs.ts';
import { assertCapabilities } from '../media/mediaErrors.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import type { Offer } from './ConsumerSet.ts';
import type { Notifier } from './Notifier.ts';
import { Peer } from './Peer.ts';
import type { PeerProducer } from './ProducerSet.ts';
import { SharedScreen } from './SharedScreen.ts';

export type RoomCloseReason = SfuNotificationData<'room:closed'>['reason'];

export type RoomOptions = {
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly worker: MediaWorker;
  readonly bitrates: BitrateLimits;
  readonly notifier: Notifier;
  readonly logger: Logger;
  /** Its media had begun before, in this epoch: a room that emptied and filled again doesn't begin twice. */
  readonly mediaStarted: boolean;
  readonly onClosed: (room: Room) => void;
};

/**
 * One media session: a Router and its peers. Closes by itself when the last peer has left or its worker died; see
 * README.md for how closures cascade.
 */
export class Room {
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly #options: RoomOptions;
  readonly #router: mediasoup.Router;
  readonly #audioLevels: mediasoup.AudioLevelObserver;
  readonly #speakers: mediasoup.ActiveSpeakerObserver;
  readonly #screen = new SharedScreen();
  readonly #peers = new Map<PeerId, Peer>();
  readonly #cleanup = new DisposableStack();
  readonly #logger: Logger;
  /** Joins on their way in; they keep an otherwise empty room open. */
  #joining = 0;
  #mediaStarted: boolean;
  #closed = false;

  private constructor(
    options: RoomOptions,
    router: mediasoup.Router,
    audioLevels: mediasoup.AudioLevelObserver,
    speakers: mediasoup.ActiveSpeakerObserver,
  ) {
    this.roomId = options.roomId;
    this.epoch = options.epoch;
    this.#options = options;
    this.#router = router;
    this.#audioLevels = audioLevels;
    this.#speakers = speakers;
    this.#mediaStarted = options.mediaStarted;
    this.#logger = options.logger.child({ roomId: options.roomId, epoch: options.epoch });
    this.#listen();
  }

  /** @throws AppError MEDIA_UNAVAILABLE when the worker died meanwhile */
  static async create(options: RoomOptions): Promise<Room> {
    try {
      const router = await options.worker.createRouter();
      const [audioLevels, speakers] = await Promise.all([
        router.createAudioLevelObserver(AUDIO_LEVEL_OBSERVER),
        router.createActiveSpeakerObserver(SPEAKER_OBSERVER),
      ]);
      if (router.closed) throw new AppError('MEDIA_UNAVAILABLE');
      return new Room(options, router, audioLevels, speakers);
    } catch (error) {
      throw new AppError('MEDIA_UNAVAILABLE', undefined, { cause: error });
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  get router(): mediasoup.Router {
    return this.#router;
  }

  get mediaStarted(): boolean {
    return this.#mediaStarted;
  }

  get peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** Announces a join that follows, so that the room stays open until then. Undone by `join`. */
  expectJoin(): void {
    this.#joining += 1;
  }

  /**
   * Joins a peer, in place of an older join of the same peer: there is never a second participant of one identity.
   *
   * @returns all that is needed to bring ICE and DTLS up
   * @throws AppError ATTACHED_ELSEWHERE when a newer socket has joined, BAD_REQUEST for the capabilities,
   * MEDIA_UNAVAILABLE, NOT_JOINED when it was replaced or closed while joining
   */
  async join(request: SfuRequestData<'peer:join'>, replicaId: string): Promise<SfuResponseData<'peer:join'>> {
    try {
      // Before an older join is closed in favour of this one.
      if (request.rtpCapabilities !== undefined) assertCapabilities(request.rtpCapabilities);
      const peer = this.#replace(request, replicaId);
      if (request.rtpCapabilities !== undefined) peer.setCapabilities(request.rtpCapabilities);
      try {
        const [sendTransport, recvTransport] = await Promise.all([
          peer.createTransport('send'),
          peer.createTransport('recv'),
        ]);
        await this.#consumeAll(peer);
        if (peer.closed) throw new AppError('NOT_JOINED');
        this.#notifyOthers(replicaId, 'peer:joined', { ...peer.address, rights: peer.rights });
        return {
          routerRtpCapabilities: this.#router.rtpCapabilities,
          sendTransport: sendTransport.parameters,
          recvTransport: recvTransport.parameters,
          state: this.stateOf(peer),
        };
      } catch (error) {
        this.#remove(peer);
        throw error;
      }
    } finally {
      this.#joining -= 1;
      this.#closeIfEmpty();
    }
  }

  /** @throws AppError NOT_JOINED */
  assertAndGetPeer(peerId: PeerId): Peer {
    const peer = this.#peers.get(peerId);
    if (peer === undefined) throw new AppError('NOT_JOINED');
    return peer;
  }

  /** What a client needs to reconcile. */
  stateOf(peer: Peer): PeerMediaState {
    return {
      rights: peer.rights,
      connected: peer.connected,
      producers: peer.producers.infos,
      consumers: peer.consumers.infos,
      peers: this.#othersOf(peer).map((other) => ({
        peerId: other.peerId,
        producers: other.producers.infos,
        connected: other.connected,
      })),
    };
  }

  /**
   * @returns all Consumers the peer has now, those just made included
   * @throws AppError BAD_REQUEST for the capabilities
   */
  async setCapabilities(peer: Peer, rtpCapabilities: RtpCapabilities): Promise<ConsumerInfo[]> {
    assertCapabilities(rtpCapabilities);
    peer.setCapabilities(rtpCapabilities);
    return this.#consumeAll(peer);
  }

  /**
   * Grants or takes the right to produce and consume. A replica other than the requester hears it by notification.
   *
   * @returns all Consumers the peer has now; none when parked
   */
  async setRights(peer: Peer, rights: PeerRights, replicaId: string): Promise<ConsumerInfo[]> {
    peer.setRights(rights);
    const consumers = await this.#consumeAll(peer);
    if (peer.replicaId !== replicaId && !peer.closed) {
      this.#options.notifier.notify(peer.replicaId, 'peer:rights-changed', { ...peer.address, rights, consumers });
    }
    return consumers;
  }

  /**
   * Creates a Producer and, in parallel, its paused Consumers for all active peers. Peers of other replicas are told
   * by notification, those of the requester only in the answer.
   *
   * @throws AppError of `Peer.produce`, and of `SharedScreen.share` for a screen
   */
  async produce(
    peer: Peer,
    request: SfuRequestData<'producer:create'>,
    replicaId: string,
  ): Promise<{ producer: PeerProducer; consumers: { peerId: PeerId; consumer: ConsumerInfo }[] }> {
    const producer = await (request.source === 'screen' ? this.#share(peer, request) : peer.produce(request));
    const offer: Offer = { peerId: peer.peerId, producer };
    const [, ...made] = await Promise.all([
      this.#measureLevel(producer),
      ...this.#othersOf(peer).map(async (other) => ({ other, consumer: await other.consume(offer) })),
    ]);
    const consumers: { peerId: PeerId; consumer: ConsumerInfo }[] = [];
    for (const { other, consumer } of made) {
      if (consumer === undefined) continue;
      consumers.push({ peerId: other.peerId, consumer });
      if (other.replicaId !== replicaId) {
        this.#options.notifier.notify(other.replicaId, 'consumer:created', { ...other.address, consumer });
      }
    }
    return { producer, consumers };
  }

  /** Removes a peer and tells the other replicas; the last one takes the room with it. Idempotent. */
  closePeer(peerId: PeerId, reason: string, replicaId?: string): void {
    const peer = this.#peers.get(peerId);
    if (peer === undefined) return;
    // Told before it is removed, so that its own replica still counts among those of the room.
    this.#notifyOthers(replicaId, 'peer:closed', { ...peer.address, reason });
    this.#logger.info({ peerId, reason }, 'peer closed');
    this.#remove(peer);
    this.#closeIfEmpty();
  }

  /**
   * Ends the room with all its peers; idempotent.
   *
   * @param replicaId the requester, who learns it from its answer
   */
  close(reason: RoomCloseReason, replicaId?: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#notifyOthers(replicaId, 'room:closed', { ...this.#address, reason });
    this.#cleanup.dispose();
    try {
      for (const peer of this.peers) peer.close();
      this.#router.close();
    } catch (error) {
      // Only when the worker can no longer be spoken to. It is about to be killed; what is left of the room goes with it.
      this.#logger.error({ err: error }, 'room closed without its worker');
    }
    this.#peers.clear();
    this.#logger.info({ reason }, 'room closed');
    this.#options.onClosed(this);
  }

  get #address(): { roomId: RoomId; epoch: number } {
    return { roomId: this.roomId, epoch: this.epoch };
  }

  /** Synchronous on purpose: of two crossing joins of one peer the later arrival wins, whatever the worker answers first. */
  #replace(request: SfuRequestData<'peer:join'>, replicaId: string): Peer {
    const { peerId, attachment, rights } = request;
    if (this.#closed) throw new AppError('MEDIA_UNAVAILABLE');
    const older = this.#peers.get(peerId);
    if (older !== undefined && attachment < older.attachment) throw new AppError('ATTACHED_ELSEWHERE');
    const { worker, bitrates, notifier } = this.#options;
    const peer = new Peer({
      address: { ...this.#address, peerId },
      rights,
      attachment,
      replicaId,
      router: this.#router,
      webRtcServer: worker.webRtcServer,
      bitrates,
      notifier,
      logger: this.#logger,
      onConnectionChanged: (changed, direction, state) => {
        this.#notifyOthers(undefined, 'peer:connection-changed', { ...changed.address, direction, state });
      },
      onFirstRtp: () => {
        this.#startMedia();
      },
    });
    this.#peers.set(peerId, peer);
    if (older !== undefined) {
      older.close();
      if (older.replicaId !== replicaId) {
        notifier.notify(older.replicaId, 'peer:closed', { ...older.address, reason: 'replaced' });
      }
    }
    return peer;
  }

  /** Removes this very peer, not a newer join under its id. */
  #remove(peer: Peer): void {
    peer.close();
    if (this.#peers.get(peer.peerId) === peer) this.#peers.delete(peer.peerId);
  }

  #closeIfEmpty(): void {
    if (this.#peers.size === 0 && this.#joining === 0) this.close('closed');
  }

  #ownerOf({ id }: mediasoup.Producer): Peer | undefined {
    return this.peers.find(({ producers }) => producers.has(id));
  }

  #othersOf(peer: Peer): Peer[] {
    return this.peers.filter((other) => other !== peer);
  }

  /** Consumers for all that the others produce; what cannot be consumed is left out. */
  async #consumeAll(peer: Peer): Promise<ConsumerInfo[]> {
    const offers = this.#othersOf(peer).flatMap(({ peerId, producers }) =>
      producers.all.map((producer): Offer => ({ peerId, producer })),
    );
    await Promise.all(offers.map((offer) => peer.consume(offer)));
    return peer.consumers.infos;
  }

  async #share(peer: Peer, request: SfuRequestData<'producer:create'>): Promise<PeerProducer> {
    const { producer, takenOver } = await this.#screen.share(peer.peerId, request.takesOver, () =>
      peer.produce(request),
    );
    const owner = takenOver === null ? undefined : this.#peers.get(takenOver.peerId);
    if (takenOver !== null && owner !== undefined) {
      const { producerId } = takenOver;
      this.#options.notifier.notify(owner.replicaId, 'producer:taken-over', {
        ...owner.address,
        producerId,
        by: peer.peerId,
      });
    }
    return producer;
  }

  async #measureLevel(producer: PeerProducer): Promise<void> {
    if (producer.kind !== 'audio') return;
    try {
      await Promise.all([
        this.#audioLevels.addProducer({ producerId: producer.id }),
        this.#speakers.addProducer({ producerId: producer.id }),
      ]);
    } catch (error) {
      // Closed in this instant. A missing indicator is no reason to refuse a voice.
      this.#logger.debug({ err: error, producerId: producer.id }, 'audio level not measured');
    }
  }

  #startMedia(): void {
    if (this.#mediaStarted) return;
    this.#mediaStarted = true;
    this.#notifyOthers(undefined, 'room:media-started', this.#address);
  }

  /** Those to whom media may pass. */
  get #hearers(): PeerId[] {
    return this.peers.filter(({ rights }) => rights === 'active').map(({ peerId }) => peerId);
  }

  #listen(): void {
    const onWorkerClose = (): void => {
      this.close('worker-died');
    };
    const onVolumes = (volumes: mediasoup.AudioLevelObserverVolume[]): void => {
      const levels = volumes.flatMap(({ producer, volume }) => {
        const speaker = this.#ownerOf(producer);
        return speaker === undefined ? [] : [{ peerId: speaker.peerId, dBov: volume }];
      });
      this.#notifyOthers(undefined, 'room:audio-levels', { ...this.#address, hearers: this.#hearers, levels });
    };
    const onSilence = (): void => {
      onVolumes([]);
    };
    const onSpeaker = ({ producer }: mediasoup.ActiveSpeakerObserverDominantSpeaker): void => {
      const speaker = this.#ownerOf(producer);
      if (speaker === undefined) return;
      const { peerId } = speaker;
      this.#notifyOthers(undefined, 'room:speaker', { ...this.#address, hearers: this.#hearers, peerId });
    };
    this.#router.on('workerclose', onWorkerClose);
    this.#audioLevels.on('volumes', onVolumes);
    this.#audioLevels.on('silence', onSilence);
    this.#speakers.on('dominantspeaker', onSpeaker);
    this.#cleanup.defer(() => {
      this.#router.off('workerclose', onWorkerClose);
      this.#audioLevels.off('volumes', onVolumes);
      this.#audioLevels.off('silence', onSilence);
      this.#speakers.off('dominantspeaker', onSpeaker);
    });
  }

  /** Tells each replica that has a peer here, once, except the one given. */
  #notifyOthers<Name extends SfuNotificationName>(
    except: string | undefined,
    name: Name,
    data: SfuNotificationData<Name>,
  ): void {
    const replicaIds = new Set(this.peers.map(({ replicaId }) => replicaId));
    for (const replicaId of replicaIds) {
      if (replicaId !== except) this.#options.notifier.notify(replicaId, name, data);
    }
  }
}
