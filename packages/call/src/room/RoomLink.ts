import { AppError, type ConsumerId, type EncounterId, type PeerId } from '@cloud-hospital/protocol';
import type {
  CameraChoice,
  MediaSource,
  PeerShows,
  RoomState,
  SocketNotificationData,
} from '@cloud-hospital/protocol/socket';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import type { CallEvent } from '../callState.ts';
import type { VideoCodec } from '../local/encodings.ts';
import { RecoveryLog } from '../recoveryLog.ts';
import { onNetworkChange } from '../signal/networkChange.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import type { SignalState } from '../signal/SignalState.ts';
import { DeviceLoader } from './DeviceLoader.ts';
import { MediaWatch } from './MediaWatch.ts';
import { NetworkFrame } from './NetworkFrame.ts';
import type { Received } from './ReceiveSide.ts';
import { type Repair, type RepairOutcome, RepairQueue } from './RepairQueue.ts';
import { consequenceOf } from './repairFor.ts';
import { listenToRoom, type RoomNotifications } from './roomNotifications.ts';
import { RoomSession, type RoomSessionListener } from './RoomSession.ts';
import type { Outgoing } from './SendSide.ts';
import { ShowsTeller } from './ShowsTeller.ts';

export interface RoomLinkOptions {
  readonly signal: SignalClient;
  readonly encounterId: EncounterId;
  readonly videoCodec: VideoCodec | undefined;
  readonly dispatch: (event: CallEvent) => void;
  readonly streamAdded: (received: Received) => void;
  readonly streamRemoved: (consumerId: ConsumerId) => void;
  /** The specialist wishes to see these of our cameras. */
  readonly camerasWanted: (cameras: CameraChoice) => void;
  /** The own screen isn't sent (any more): another participant shares theirs. */
  readonly screenTaken: () => void;
  /** The server says that it is over. */
  readonly ended: (reason: CallEndReason) => void;
  /** The call went back to the queue while we didn't hear of it; joining is tried on. */
  readonly lapsed: () => void;
}

/** For the answer to an ICE restart before the socket is made anew, milliseconds: several round trips of a usual line. */
const FIRST_PATIENCE_MS = 700;
const LONGEST_PATIENCE_MS = 5_600;

/**
 * Holds on to the room of one encounter through every failure. The ladder, mildest first:
 *
 * 1. socket lost: media goes on; when it is back, `room:attach`, and both sides agree again;
 * 2. ICE disconnected or failed: new ICE credentials on the same transports;
 * 3. transports that don't come back, a room that moved, a media node that doesn't know us: join again, same identity;
 * 4. the server says that it is over: the call has ended.
 */
export class RoomLink {
  readonly log: RecoveryLog;
  readonly #options: RoomLinkOptions;
  readonly #devices = new DeviceLoader();
  readonly #repairs = new RepairQueue((repair) => this.#perform(repair));
  readonly #outgoing = new Map<MediaSource, Outgoing>();
  readonly #watch: MediaWatch;
  readonly #notifications: RoomNotifications;
  readonly #offs: readonly (() => void)[];
  #session: RoomSession | null = null;
  readonly #shows = new ShowsTeller<RoomSession>({
    isOpen: (session) => session === this.#session && session.rights === 'active',
    tell: (session, shows) => session.request('peer:set-mode', shows),
    failed: (session, error) => this.#fault(session, error),
  });
  #signalWasLost = false;
  /** The network changed since ICE was last (re)started. */
  #pathChanged = false;
  /** The machine has another address: the next join is made from here. */
  #networks: NetworkFrame | null = null;
  #looksForNetwork = false;
  /** The room is open as far as we have heard. */
  #opened = false;
  #patienceMs = FIRST_PATIENCE_MS;
  #closed = false;

  constructor(options: RoomLinkOptions) {
    const { signal, dispatch } = options;
    this.#options = options;
    this.log = new RecoveryLog((entry) => dispatch({ type: 'recovery-logged', entry }));
    this.#watch = new MediaWatch({
      connected: () => dispatch({ type: 'media-connected' }),
      lost: (detail) => this.#mediaLost(detail),
      restored: () => this.#mediaBack(),
      repair: (repair) => this.#repairs.ask(repair),
      warmth: (warmth) => dispatch({ type: 'warmth-changed', warmth }),
    });
    this.#offs = [
      signal.onState((state) => this.#signalChanged(state)),
      // Asked for now, done when the socket is back: `room:attach` passes it on.
      onNetworkChange(() => {
        this.#pathChanged = true;
        void this.lookForAnotherNetwork();
      }),
    ];
    this.#notifications = listenToRoom(signal, {
      session: () => this.#session,
      joining: () => this.#repairs.running === 'rejoin',
      dispatch,
      opened: (session, data) => this.#open(session, data),
      peerJoined: (session) => this.#shows.repeat(session),
      parked: (session) => this.#parked(session),
      moved: (data) => this.#moved(data),
      closed: (reason) => options.ended(reason),
      camerasWanted: (cameras) => options.camerasWanted(cameras),
      screenTakenOver: () => this.#screenTaken(),
    });
  }

  get session(): RoomSession | null {
    return this.#session;
  }

  /** Joins, parked or active as the server says. Idempotent. */
  start(): void {
    if (this.#session !== null || this.#repairs.running !== null) return;
    this.#options.dispatch({ type: 'warmth-changed', warmth: 'joining' });
    this.#repairs.ask('rejoin');
  }

  /** What is to be sent from a source from now on, in this join and in those after it. */
  setTrack(source: MediaSource, outgoing: Outgoing): void {
    // Taking over is for now: after a loss of the line somebody else's screen is left alone.
    this.#outgoing.set(source, { ...outgoing, takesOver: false });
    this.#watch.expectSending(this.#sends);
    this.#session?.setTrack(source, outgoing);
  }

  /** Nothing comes from that source any more. */
  remove(source: MediaSource): void {
    if (!this.#outgoing.delete(source)) return;
    this.#watch.expectSending(this.#sends);
    this.#session?.remove(source);
  }

  setPaused(source: MediaSource, paused: boolean): void {
    const known = this.#outgoing.get(source);
    if (!known) return;
    this.#outgoing.set(source, { ...known, paused });
    this.#session?.setPaused(source, paused);
  }

  /** Tells the other side what is shown here now, and what could be. */
  setShows(shows: Partial<PeerShows>): void {
    this.#shows.set(shows, this.#session?.rights === 'active' ? this.#session : null);
  }

  /** Asks another participant for its cameras. @throws AppError */
  async wantCameras(peerId: PeerId, cameras: CameraChoice): Promise<void> {
    await this.#session?.request('peer:want-cameras', { peerId, cameras });
  }

  /** The path to the media node is dead although the browser doesn't say so yet, or answers again. */
  setStalled(stalled: boolean): void {
    this.#watch.setStalled(stalled);
  }

  /**
   * Answers are late. Should the machine have another address by now (Wi-Fi → 4G), neither the transports nor the socket
   * can come back on the old one: both are made anew at once, before the browser itself has noticed.
   */
  async lookForAnotherNetwork(): Promise<void> {
    const session = this.#session;
    if (session === null || this.#looksForNetwork || this.#networks !== null) return;
    this.#looksForNetwork = true;
    const frame = NetworkFrame.open();
    try {
      const [used, addresses] = await Promise.all([session.send.ownAddress(), frame?.addresses()]);
      const moved = used !== null && addresses !== undefined && addresses.size > 0 && !addresses.has(used);
      if (!moved || this.#closed || session.closed) frame?.close();
      else this.#useNetworksOf(frame);
    } finally {
      this.#looksForNetwork = false;
    }
  }

  /** Nothing comes in any more: new ICE credentials help if it is our own path, and harm nothing if it isn't. */
  nudge(): void {
    this.#repairs.ask('restart-ice');
  }

  /** Asks for a simulcast layer of what is received. */
  setLayer(consumerId: ConsumerId, spatialLayer: number): void {
    this.#session?.setLayer(consumerId, spatialLayer);
  }

  /** Leaves: the media node is told, so that no ghost stays behind. Idempotent. */
  async leave(): Promise<void> {
    const session = this.#session;
    const connected = this.#options.signal.state.name === 'connected';
    this.close();
    if (!session || !connected) return;
    try {
      await this.#options.signal.request('room:leave', { roomId: session.roomId, epoch: session.epoch });
    } catch (error) {
      // Whoever is gone already can't leave; a peer whose socket is lost is cleared up by the server itself.
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** Ends it in the browser only: the server said that it is over, or can't be told. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const off of this.#offs) off();
    this.#networks?.close();
    this.#notifications.close();
    this.#repairs.close();
    this.#watch.close();
    this.#dropSession();
  }

  get #sends(): boolean {
    return [...this.#outgoing.values()].some(({ track }) => track !== null);
  }

  async #perform(repair: Repair): Promise<RepairOutcome> {
    const session = this.#session;
    if (session === null || repair === 'rejoin') return this.#join();
    // When the socket is back, `room:attach` looks at whatever is broken then.
    if (this.#options.signal.state.name !== 'connected') return 'done';
    this.log.log(repair);
    try {
      if (repair === 'attach') await this.#attach(session);
      else await this.#restartIce(session);
    } catch (error) {
      return this.#afterFailure(error, repair === 'attach' ? 'entering' : 'restarting', repair);
    }
    if (repair === 'attach') return this.#watch.broken || this.#pathChanged ? 'restart-ice' : 'done';
    this.#pathChanged = false;
    this.#watch.restarted();
    return 'done';
  }

  /**
   * Media died, and perhaps for a reason that has cut the socket as well, which says so only after four seconds: an
   * answer that takes longer than it should means a new socket. Each time it may take twice as long, for slow lines.
   */
  async #restartIce(session: RoomSession): Promise<void> {
    const distrust = setTimeout(() => this.#options.signal.distrust(), this.#patienceMs);
    this.#patienceMs = Math.min(this.#patienceMs * 2, LONGEST_PATIENCE_MS);
    try {
      await session.restartIce();
    } finally {
      clearTimeout(distrust);
    }
  }

  #useNetworksOf(frame: NetworkFrame | null): void {
    this.#networks = frame;
    this.#watch.markLost('address-changed');
    // First, so that the join waits for the new socket instead of asking the dead one.
    this.#options.signal.networkChanged();
    this.#repairs.ask('rejoin');
  }

  async #join(): Promise<RepairOutcome> {
    if (this.#session !== null) this.log.log('rejoin');
    this.#dropSession();
    try {
      const { signal, encounterId, videoCodec } = this.#options;
      const listener = this.#listener();
      const { session, state } = await RoomSession.join({
        signal,
        encounterId,
        videoCodec,
        devices: this.#devices,
        networks: this.#networks,
        listener,
      });
      this.#networks = null;
      if (this.#closed) session.close();
      else this.#entered(session, state);
      return 'done';
    } catch (error) {
      return this.#afterFailure(error, 'entering', 'rejoin');
    }
  }

  #entered(session: RoomSession, state: RoomState): void {
    this.#session = session;
    this.#pathChanged = false;
    this.#watch.joined();
    this.#options.dispatch({ type: 'room-joined', peerId: state.peerId, rights: state.rights, peers: state.peers });
    if (this.#lapsedBy(state)) return;
    this.#heldBy(state);
    for (const [source, outgoing] of this.#outgoing) session.setTrack(source, outgoing);
    this.#rightsAre(session);
    this.#notifications.replay(session);
  }

  async #attach(session: RoomSession): Promise<void> {
    const { signal, encounterId, dispatch } = this.#options;
    const { roomId, epoch } = session;
    const instanceId = await signal.claimInstance();
    const state = await signal.request('room:attach', { encounterId, instanceId, roomId, epoch });
    if (session.closed) return;
    dispatch({ type: 'room-joined', peerId: state.peerId, rights: state.rights, peers: state.peers });
    if (this.#lapsedBy(state)) return;
    this.#heldBy(state);
    await session.reconcile(state);
    this.#rightsAre(session);
    if (!this.#watch.broken) this.log.settled();
  }

  /** The call was open when we last heard of it, and isn't any more: its end was said while the socket was lost. */
  #lapsedBy({ rights, heldSince }: RoomState): boolean {
    if (!this.#opened || rights === 'active' || heldSince !== null) return false;
    this.#options.lapsed();
    return true;
  }

  #heldBy({ heldSince, recording }: RoomState): void {
    this.#options.dispatch({ type: 'recording-changed', recording });
    this.#options.dispatch({ type: 'held', since: heldSince === null ? null : Date.parse(heldSince) });
  }

  /** Follows the rights that the session has by now. */
  #rightsAre(session: RoomSession): void {
    this.#opened = session.rights === 'active';
    this.#watch.setActive(this.#opened);
    if (!this.#opened) return;
    this.#options.dispatch({ type: 'room-opened' });
    this.#shows.repeat(session);
  }

  #open(session: RoomSession, data: SocketNotificationData<'room:opened'>): void {
    if (data.epoch < session.epoch) return;
    session.open(data.consumers);
    this.#rightsAre(session);
  }

  #parked(session: RoomSession): void {
    session.park();
    this.#opened = false;
    this.#watch.setActive(false);
    this.#options.dispatch({ type: 'room-parked' });
  }

  #moved(data: SocketNotificationData<'room:moved'>): void {
    if (this.#session !== null && data.epoch <= this.#session.epoch) return;
    this.log.log('room-moved', data.reason);
    this.#watch.markLost('room-moved');
    this.#repairs.ask('rejoin');
  }

  #signalChanged(state: SignalState): void {
    const { dispatch } = this.#options;
    if (state.name === 'connected') {
      dispatch({ type: 'problem-gone', code: 'signal-lost' });
      dispatch({ type: 'problem-gone', code: 'signal-refused' });
      if (this.#signalWasLost) this.log.log('signal-back');
      this.#signalWasLost = false;
      this.#repairs.hurry();
      if (this.#session !== null) this.#repairs.ask('attach');
      return;
    }
    if (state.name === 'refused') {
      dispatch({ type: 'problem-appeared', code: 'signal-refused', at: Date.now() });
      this.#endIfBeyondRepair();
    }
    if (state.name !== 'lost' || this.#signalWasLost) return;
    this.#signalWasLost = true;
    this.log.log('signal-lost');
    dispatch({ type: 'problem-appeared', code: 'signal-lost', at: Date.now() });
  }

  #mediaLost(detail: string): void {
    this.log.log('media-lost', detail);
    this.#options.dispatch({ type: 'media-lost' });
    this.#options.dispatch({ type: 'problem-appeared', code: 'media-lost', at: Date.now() });
    this.#endIfBeyondRepair();
  }

  /** Nobody will let us back in, so nothing can bring the media back; whichever of the two was noticed first. */
  #endIfBeyondRepair(): void {
    if (this.#watch.lost && this.#options.signal.state.name === 'refused') this.#options.ended('revoked');
  }

  #mediaBack(): void {
    this.log.log('media-back');
    this.#patienceMs = FIRST_PATIENCE_MS;
    this.log.settled();
    this.#options.dispatch({ type: 'problem-gone', code: 'media-lost' });
  }

  #listener(): RoomSessionListener {
    const { dispatch, streamAdded, streamRemoved } = this.#options;
    return {
      streamAdded,
      streamRemoved: (consumerId) => {
        streamRemoved(consumerId);
        dispatch({ type: 'stream-removed', consumerId });
      },
      streamFlowing: (consumerId) => {
        dispatch({ type: 'stream-changed', consumerId, patch: { flowing: true } });
        this.#watch.flowing();
      },
      transportChanged: (direction, state) => this.#watch.transportChanged(direction, state),
      screenRefused: () => this.#screenTaken(),
      fault: (error) => this.#fault(this.#session, error),
    };
  }

  #screenTaken(): void {
    this.#outgoing.delete('screen');
    this.#watch.expectSending(this.#sends);
    this.#options.screenTaken();
  }

  #fault(session: RoomSession | null, error: unknown): void {
    if (this.#closed || session === null || session !== this.#session) return;
    const outcome = this.#afterFailure(error, 'media', 'attach');
    if (outcome !== 'done') this.#repairs.ask(outcome);
  }

  /** @param same the repair that failed, tried again when nothing better is known */
  #afterFailure(error: unknown, during: Parameters<typeof consequenceOf>[1], same: Repair): RepairOutcome {
    const consequence = consequenceOf(error, during);
    if (!(error instanceof AppError)) globalThis.reportError(error);
    if (consequence === 'none') return 'done';
    if (consequence === 'not-expected') {
      this.#options.lapsed();
      return same;
    }
    if ('end' in consequence) {
      this.#options.ended(consequence.end);
      return 'done';
    }
    return consequence.repair === 'same' ? same : consequence.repair;
  }

  #dropSession(): void {
    const session = this.#session;
    this.#session = null;
    if (!session) return;
    for (const { info } of session.receive.received) this.#options.streamRemoved(info.consumerId);
    session.close();
    this.#options.dispatch({ type: 'streams-cleared' });
  }
}
