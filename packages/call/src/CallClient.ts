import type { ConsumerId, EncounterId, PeerId, Role } from '@cloud-hospital/protocol';
import type { AudioLevel, CameraChoice, MediaSource } from '@cloud-hospital/protocol/socket';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import {
  type CallEvent,
  callReducer,
  expectsMotion,
  INITIAL_CALL_STATE,
  othersAreThin,
  othersStarve,
  sentMode,
} from './callState.ts';
import type { CallProblemCode, CallState, SoundSettings } from './callState.types.ts';
import { AudioOut } from './local/AudioOut.ts';
import type { VideoCodec } from './local/encodings.ts';
import { LocalMedia } from './local/LocalMedia.ts';
import type { CaptureSource } from './local/mediaProblem.ts';
import { ScreenCapture } from './local/ScreenCapture.ts';
import { recallDevices, rememberDevices } from './local/rememberedDevices.ts';
import { StillsTrack } from './local/StillsTrack.ts';
import { layerForTile } from './quality/layerForTile.ts';
import { CallReporter } from './quality/CallReporter.ts';
import { QualityMonitor } from './quality/QualityMonitor.ts';
import type { PictureMode } from './quality/weakNetwork.ts';
import { PathWatch } from './room/PathWatch.ts';
import type { Received } from './room/ReceiveSide.ts';
import { RoomLink } from './room/RoomLink.ts';
import type { SignalClient } from './signal/SignalClient.ts';
import { TypedEmitter } from './TypedEmitter.ts';

export interface CallClientOptions {
  readonly signal: SignalClient;
  readonly encounterId: EncounterId;
  /** A specialist calls out; every other role is called. */
  readonly role: Role;
  /** Default: what this machine encodes best, see `chooseVideoCodec`. */
  readonly videoCodec?: VideoCodec;
  /** Milliseconds since the epoch by the server's clock, for the call's record. Default: this machine's. */
  readonly now?: () => number;
}

type CallClientEvents = { state: [state: CallState] };

/** How long it is said that another screen is shown now, milliseconds. */
const TAKEN_NOTE_MS = 10_000;
/** What is heard of the others' lines with these decides what is sent. */
const SAYS_OF_LINES: ReadonlySet<CallEvent['type']> = new Set([
  'peer-mode-changed',
  'room-joined',
  'peer-joined',
  'peer-left',
]);
/** Waiting for a lost socket included, milliseconds. */
const HANG_UP_TIMEOUT_MS = 15_000;

/**
 * One call of one encounter, from preparing it (parked) to its end. An instance is for one call; `close()` it, and
 * make another for the next.
 */
export class CallClient {
  readonly #options: CallClientOptions;
  readonly #events = new TypedEmitter<CallClientEvents>();
  readonly #local = new LocalMedia();
  readonly #screen: ScreenCapture;
  readonly #link: RoomLink;
  readonly #audioOut: AudioOut;
  readonly #quality: QualityMonitor;
  readonly #reporter: CallReporter;
  readonly #path: PathWatch;
  readonly #received = new Map<ConsumerId, { received: Received; stream: MediaStream }>();
  readonly #localStreams = new Map<CaptureSource, MediaStream>();
  readonly #tiles = new Map<string, number>();
  readonly #offs: (() => void)[];
  readonly #stopWatching: () => void;
  #state: CallState = INITIAL_CALL_STATE;
  /** What the own uplink carries. */
  #carries: PictureMode = 'video';
  #uplink: number | null = null;
  /** How the own picture is sent: as both ends can take it. */
  #pictureMode: PictureMode = 'video';
  /** What is heard of the others breaks. */
  #sparesVoice = false;
  /** Some line of the call is thin: the voice is sent with fewer bits. */
  #isThin = false;
  #stills: StillsTrack | null = null;
  /** The screen that is about to be shared takes another's place. */
  #takesOver = false;
  #takenNote: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #closed = false;

  constructor(options: CallClientOptions) {
    const { signal, encounterId } = options;
    const dispatch = (event: CallEvent): void => this.#dispatch(event);
    this.#options = options;
    this.#reporter = new CallReporter({ signal, encounterId, now: options.now ?? Date.now });
    this.#screen = new ScreenCapture({
      track: (track) => this.#sendScreen(track),
      changed: (patch) => dispatch({ type: 'screen-changed', patch }),
      failed: (failed) => this.#problem('screen-failed', failed),
    });
    this.#audioOut = new AudioOut((blocked) => this.#problem('autoplay-blocked', blocked));
    this.#link = new RoomLink({
      signal,
      encounterId,
      videoCodec: options.videoCodec,
      dispatch,
      streamAdded: (received) => this.#streamAdded(received),
      streamRemoved: (consumerId) => this.#streamRemoved(consumerId),
      camerasWanted: (cameras) => this.#camerasWanted(cameras),
      screenTaken: () => this.#screenTaken(),
      ended: (reason) => this.#end(reason),
      lapsed: () => this.#lapsed(),
    });
    const motion = {
      isExpected: () => expectsMotion(this.#state),
      othersStarve: () => othersStarve(this.#state),
      isSent: () => this.#pictureMode === 'video',
      isConnected: () => this.#state.phase === 'connected',
    };
    this.#quality = new QualityMonitor(() => this.#link.session, motion, {
      sampled: (steady, reading) => {
        dispatch({ type: 'quality-sampled', quality: steady });
        this.#reporter.add(reading, this.#state.mode);
      },
      pictureMode: (mode) => {
        this.#carries = mode;
        this.#link.setShows({ carries: mode });
        this.#followNetwork();
      },
      receives: (receives) => this.#link.setShows({ receives }),
      stuck: (stuck) => dispatch({ type: 'stuck-changed', stuck }),
      uplink: (bitsPerSecond) => {
        this.#uplink = bitsPerSecond;
        this.#stills?.setUplink(bitsPerSecond);
        this.#link.session?.send.setUplink(bitsPerSecond);
      },
      sparesVoice: (spares) => {
        this.#sparesVoice = spares;
        this.#followNetwork();
      },
      thin: (thin) => signal.setThin(thin),
    });
    this.#path = new PathWatch(() => this.#link.session, {
      suspected: () => void this.#link.lookForAnotherNetwork(),
      stalled: (stalled) => this.#link.setStalled(stalled),
      // A thin line has gaps: nothing of ours is to be mended.
      silent: () => {
        if (!othersStarve(this.#state)) this.#link.nudge();
      },
    });
    this.#stopWatching = signal.watchClosely();
    this.#offs = [
      signal.on('call:answered', (data) => {
        if (data.encounterId === encounterId) dispatch({ type: 'answered', at: Date.parse(data.answeredAt) });
      }),
      signal.on('call:ended', (data) => {
        if (data.encounterId === encounterId) this.#end(data.reason);
      }),
      signal.on('call:held', ({ encounterId: of, heldSince }) => {
        if (of !== encounterId) return;
        dispatch({ type: 'held', since: heldSince === null ? null : Date.parse(heldSince) });
      }),
      signal.on('recording:changed', ({ encounterId: of, recording }) => {
        if (of === encounterId) dispatch({ type: 'recording-changed', recording });
      }),
      signal.on('peer:sampled', ({ encounterId: of, peerId, sample }) => {
        if (of === encounterId) dispatch({ type: 'peer-sampled', peerId, sample });
      }),
      this.#local.on('source', (source, patch) => dispatch({ type: 'local-source-changed', source, patch })),
      this.#local.on('track', (source) => this.#sendSource(source)),
      this.#local.on('paused', (source, paused) => this.#link.setPaused(source, paused)),
      this.#local.on('cameras', (found) => {
        // A phone runs one of its cameras at a time: none is there beside the face.
        const count = options.role === 'resident' ? Math.min(found, 1) : found;
        dispatch({ type: 'cameras-counted', count });
        this.#link.setShows({ hasExamination: count > 1 });
      }),
      this.#local.on('sound', (sound) => dispatch({ type: 'sound-changed', sound })),
      this.#local.on('problem', (code, present) => this.#problem(code, present)),
    ];
    const { speaker } = recallDevices();
    if (speaker !== undefined) {
      void this.#audioOut.setSink(speaker);
      dispatch({ type: 'speaker-changed', speakerId: speaker });
    }
    dispatch({ type: 'sound-changed', sound: this.#local.sound });
    dispatch({
      type: 'started',
      encounterId,
      direction: options.role === 'specialist' ? 'outgoing' : 'incoming',
    });
  }

  get state(): CallState {
    return this.#state;
  }

  /** @returns the matching `off` */
  onState(listener: (state: CallState) => void): () => void {
    return this.#events.on('state', listener);
  }

  /** dBov by peer, several times a second while somebody speaks. @returns the matching `off` */
  onAudioLevels(listener: (levels: readonly AudioLevel[]) => void): () => void {
    return this.#options.signal.on('room:audio-levels', ({ roomId, levels }) => {
      if (this.#link.session?.roomId === roomId) listener(levels);
    });
  }

  /** Joins the room (parked), takes the devices, brings the transports up. Idempotent. */
  start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    if (this.#state.direction === 'outgoing') this.#dispatch({ type: 'rang' });
    this.#link.start();
    this.#quality.start();
    this.#path.start();
    void this.#local.start();
  }

  /** The called side learnt from `call:ringing` that it is being called. */
  ring(): void {
    this.start();
    this.#dispatch({ type: 'rang' });
  }

  /** @throws AppError of `call:answer` */
  async answer(): Promise<void> {
    if (this.#closed || this.#state.answeredAt !== null) return;
    this.start();
    const { signal, encounterId } = this.#options;
    const { answeredAt } = await signal.request('call:answer', { encounterId });
    this.#dispatch({ type: 'answered', at: Date.parse(answeredAt) });
  }

  /** @throws AppError of `call:decline` */
  async decline(reason: 'not-now' | 'patient-absent'): Promise<void> {
    const { signal, encounterId } = this.#options;
    await signal.request('call:decline', { encounterId, reason });
    this.#end('declined');
  }

  /**
   * Ends it here at once, and tells the server: the called side by `call:leave`, specialists and guests by leaving the room.
   * @throws AppError when the server couldn't be told; it notices by itself then
   */
  async hangUp(): Promise<void> {
    if (this.#closed) return;
    const { signal, encounterId, role } = this.#options;
    const told =
      role === 'specialist' || role === 'guest'
        ? undefined
        : signal.request('call:leave', { encounterId }, { timeoutMs: HANG_UP_TIMEOUT_MS });
    this.#end('hung-up');
    await told;
  }

  setMicrophone(on: boolean): Promise<void> {
    return this.#local.setOn('microphone', on);
  }

  /** All own pictures off, or the face on. */
  async setCamera(on: boolean): Promise<void> {
    if (!on) await this.#local.setOn('examination', false);
    await this.#local.setOn('camera', on);
  }

  /** Which of the own cameras are sent. The face's light goes out while only the examination is shown. */
  async setCameras(choice: CameraChoice): Promise<void> {
    // What is to be seen first, so that there is no moment without a picture.
    await this.#local.setOn('examination', choice !== 'face');
    await this.#local.setOn('camera', choice !== 'examination' || this.#local.track('examination') === null);
  }

  /** Nothing passes between the specialist's side and the others, until it goes on. @throws AppError of `call:hold` */
  async setHold(hold: boolean): Promise<void> {
    const { signal, encounterId } = this.#options;
    await signal.request('call:hold', { encounterId, hold });
  }

  /** Puts a guest or an invited colleague out of the call. @throws AppError of `room:remove` */
  async removeParticipant(peerId: PeerId): Promise<void> {
    const { signal, encounterId } = this.#options;
    await signal.request('room:remove', { encounterId, peerId });
  }

  /** Asks the other side for its cameras. @throws AppError */
  wantCameras(peerId: PeerId, cameras: CameraChoice): Promise<void> {
    return this.#link.wantCameras(peerId, cameras);
  }

  setSound(change: Partial<SoundSettings>): Promise<void> {
    return this.#local.setSound(change);
  }

  /**
   * Shares the own screen, a window or a tab, as the browser's dialog asks; to be called from a press.
   * @param takesOver in place of another participant's screen, which ends
   */
  async shareScreen(takesOver: boolean): Promise<void> {
    if (this.#closed) return;
    this.#takesOver = takesOver;
    this.#problem('screen-taken', false);
    await this.#screen.start();
  }

  stopSharing(): void {
    this.#screen.stop();
  }

  async selectDevice(kind: CaptureSource | 'speaker', deviceId: string): Promise<void> {
    if (kind !== 'speaker') return this.#local.select(kind, deviceId);
    rememberDevices({ speaker: deviceId });
    await this.#audioOut.setSink(deviceId);
    this.#dispatch({ type: 'speaker-changed', speakerId: deviceId });
  }

  retryDevices(): Promise<void> {
    return this.#local.retry();
  }

  unblockAudio(): Promise<void> {
    return this.#audioOut.unblock();
  }

  /** Height at which a picture is shown, device pixels; chooses the simulcast layer. */
  setTileSize(peerId: PeerId, source: MediaSource, height: number): void {
    this.#tiles.set(`${peerId} ${source}`, height);
    for (const { received } of this.#received.values()) {
      if (received.info.peerId === peerId && received.info.source === source) this.#applyLayer(received);
    }
  }

  localStream(source: MediaSource): MediaStream | null {
    if (source !== 'screen') return this.#localStreams.get(source) ?? null;
    return this.#screen.track === null ? null : new MediaStream([this.#screen.track]);
  }

  remoteStream(peerId: PeerId, source: MediaSource): MediaStream | null {
    for (const { received, stream } of this.#received.values()) {
      if (received.info.peerId === peerId && received.info.source === source) return stream;
    }
    return null;
  }

  /** Lets go of everything, and leaves the room so that no ghost stays behind. Idempotent. */
  close(): void {
    if (this.#closed) return;
    void this.#link.leave();
    this.#release();
    this.#events.removeAll();
  }

  /** Only prepared: nothing to end, the room opens to us when it is our turn. */
  #lapsed(): void {
    const { phase } = this.#state;
    if (phase !== 'idle') this.#end(phase === 'ringing' ? 'cancelled' : 'parked');
  }

  #end(reason: CallEndReason): void {
    if (this.#closed) return;
    // Whoever is cut off, or replaced by another window under the same identity, has nothing to leave.
    if (reason !== 'attached-elsewhere' && reason !== 'revoked') void this.#link.leave();
    // `idle` can't end by the table: a call that was never rung is simply let go.
    if (this.#state.phase === 'idle') this.#dispatch({ type: 'rang' });
    this.#release();
    this.#dispatch({ type: 'ended', reason });
  }

  #release(): void {
    this.#closed = true;
    for (const off of this.#offs) off();
    this.#stopWatching();
    this.#quality.stop();
    this.#reporter.close(this.#state.mode);
    this.#path.stop();
    this.#link.close();
    this.#audioOut.close();
    this.#stills?.stop();
    clearTimeout(this.#takenNote);
    this.#screen.close();
    this.#local.close();
    this.#received.clear();
    this.#localStreams.clear();
  }

  #streamAdded(received: Received): void {
    const { info, track } = received;
    this.#received.set(info.consumerId, { received, stream: new MediaStream([track]) });
    if (info.kind === 'audio') this.#audioOut.add(info.consumerId, track);
    this.#dispatch({
      type: 'stream-added',
      stream: {
        peerId: info.peerId,
        consumerId: info.consumerId,
        producerId: info.producerId,
        kind: info.kind,
        source: info.source,
        paused: info.producerPaused,
        flowing: false,
      },
    });
    this.#applyLayer(received);
  }

  #streamRemoved(consumerId: ConsumerId): void {
    this.#received.delete(consumerId);
    this.#audioOut.remove(consumerId);
  }

  #applyLayer({ info }: Received): void {
    // A screen has one size, whatever room it is given.
    if (info.source === 'screen') return;
    const height = this.#tiles.get(`${info.peerId} ${info.source}`);
    if (height !== undefined) this.#link.setLayer(info.consumerId, layerForTile(height));
  }

  #sendSource(source: CaptureSource): void {
    const track = this.#local.track(source);
    if (track) this.#localStreams.set(source, new MediaStream([track]));
    else this.#localStreams.delete(source);
    if (source === 'microphone') this.#sendVoice();
    else this.#sendPictures();
  }

  #sendVoice(): void {
    const track = this.#local.track('microphone');
    const paused = track === null || !this.#local.isOn('microphone');
    this.#link.setTrack('microphone', { track, paused, motion: this.#isThin ? 'stills' : 'moving' });
  }

  /** The own pictures as the network allows them: on a slow link one of them, as a slide; on a bad one none. */
  #sendPictures(): void {
    const mode = this.#pictureMode;
    this.#stills?.stop();
    this.#stills = null;
    // A screen that is shared, and what the specialist asked to see closely, go before the face.
    for (const source of ['screen', 'examination', 'camera'] as const) {
      const track = source === 'screen' ? this.#screen.track : this.#local.track(source);
      if (source === 'screen' && track === null) continue;
      const paused = track === null || (source !== 'screen' && !this.#local.isOn(source));
      const isLeftOut = paused || mode === 'audio' || (mode === 'stills' && this.#stills !== null);
      const takesOver = source === 'screen' && this.#takesOver;
      if (isLeftOut || mode === 'video') {
        const sent = isLeftOut ? null : track;
        this.#link.setTrack(source, { track: sent, paused: sent === null, motion: 'moving', takesOver });
      } else {
        this.#stills = new StillsTrack(track, this.#uplink);
        this.#link.setTrack(source, { track: this.#stills.track, paused, motion: 'stills', takesOver });
      }
    }
  }

  #sendScreen(track: MediaStreamTrack | null): void {
    if (track === null) this.#link.remove('screen');
    this.#sendPictures();
    this.#takesOver = false;
  }

  /** Another participant's screen is shown. Said for a while: there is nothing to be done about it. */
  #screenTaken(): void {
    this.#screen.stop();
    this.#problem('screen-taken', true);
    this.#takenNote = setTimeout(() => this.#problem('screen-taken', false), TAKEN_NOTE_MS);
  }

  #camerasWanted(cameras: CameraChoice): void {
    this.#dispatch({ type: 'cameras-wanted', cameras });
    void this.setCameras(cameras);
  }

  /** Where any line on the way is weak the voice takes less of it, too; a line that is thin upward mostly is so downward. */
  #followNetwork(): void {
    const mode = sentMode(this.#state, this.#carries);
    const isThin = this.#sparesVoice || mode !== 'video' || othersAreThin(this.#state);
    if (isThin !== this.#isThin) {
      this.#isThin = isThin;
      this.#sendVoice();
    }
    if (mode === this.#pictureMode) return;
    this.#pictureMode = mode;
    const stage = { video: 'video-resumed', stills: 'video-stills', audio: 'video-suspended' } as const;
    this.#link.log.log(stage[mode]);
    this.#problem('video-stills', mode === 'stills');
    this.#problem('video-suspended', mode === 'audio');
    this.#sendPictures();
    this.#link.setShows({ mode });
    this.#dispatch({ type: 'mode-changed', mode });
  }

  #problem(code: CallProblemCode, present: boolean): void {
    this.#dispatch(present ? { type: 'problem-appeared', code, at: Date.now() } : { type: 'problem-gone', code });
  }

  #dispatch(event: CallEvent): void {
    if (event.type === 'recovery-logged') this.#reporter.addStep(event.entry);
    const next = callReducer(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    if (SAYS_OF_LINES.has(event.type)) this.#followNetwork();
    this.#events.emit('state', this.#state);
  }
}
