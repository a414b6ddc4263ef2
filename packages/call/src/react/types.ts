import type { EncounterId, PeerId, Role } from '@cloud-hospital/protocol';
import type { AudioLevel, CameraChoice, MediaSource, SocketNotificationData } from '@cloud-hospital/protocol/socket';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import type { CallProblem, CallState, SoundSettings } from '../callState.types.ts';

export type IncomingCall = SocketNotificationData<'call:ringing'>;

export interface UseCallOptions {
  /** `null`: no call; everything is released. */
  readonly encounterId: EncounterId | null;
  /** Own role; a specialist calls out, every other role is called. */
  readonly role: Role;
  /** The ringing call, on the called side. */
  readonly incoming?: IncomingCall | null;
  /** Join (parked), take the devices and warm the transports up as soon as `encounterId` is there. Default false. */
  readonly autoStart?: boolean;
  readonly onProblem?: (problem: CallProblem) => void;
  readonly onEnded?: (reason: CallEndReason) => void;
}

export type DeviceKind = 'microphone' | 'camera' | 'examination' | 'speaker';

/** All are safe to call in any phase; one that makes no sense now does nothing. */
export interface CallActions {
  /** Joins the room (parked), takes the devices, warms the transports up. Idempotent. */
  start(): void;
  /** @throws AppError of `call:answer`, e.g. NOT_FOUND or INVALID_TRANSITION when the call was taken back. */
  answer(): Promise<void>;
  /** @throws AppError */
  decline(reason: 'not-now' | 'patient-absent'): Promise<void>;
  /** Called side: `call:leave`. Specialists and guests: leaves the room only. The phase is `ended` at once. */
  hangUp(): Promise<void>;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /** Which of the own cameras are sent. */
  setCameras(choice: CameraChoice): Promise<void>;
  /** A specialist's wish; the other side switches by itself. @throws AppError */
  wantCameras(peerId: PeerId, cameras: CameraChoice): Promise<void>;
  /** How the chosen microphone's sound is treated. Remembered for that microphone. */
  setSound(change: Partial<SoundSettings>): Promise<void>;
  /**
   * To be called from a press: the browser asks what to share. Nothing happens when its dialog is closed.
   * @param takesOver in place of another participant's screen, which ends
   */
  shareScreen(takesOver: boolean): Promise<void>;
  stopSharing(): void;
  /** A specialist's: media rests for everybody who isn't of the specialist's side. @throws AppError */
  setHold(hold: boolean): Promise<void>;
  /** Of a guest or an invited colleague. @throws AppError */
  removeParticipant(peerId: PeerId): Promise<void>;
  /** Switches mid-call without renegotiation. Remembered. */
  selectDevice(kind: DeviceKind, deviceId: string): Promise<void>;
  /** After a permission was granted or a device plugged in. */
  retryDevices(): Promise<void>;
  /** To be called from a touch or a key press: lets the browser play sound. */
  unblockAudio(): Promise<void>;
  /** Width and height at which a remote picture is shown, in device pixels; chooses the simulcast layer. */
  setTileSize(peerId: PeerId, source: MediaSource, width: number, height: number): void;
}

/** Makes a still of a shared screen. */
export interface ScreenFreeze {
  readonly state: 'idle' | 'busy' | 'failed';
  /** @param screen what shows it, or its track where nothing does */
  readonly press: (screen: HTMLVideoElement | MediaStreamTrack) => void;
}

export interface CallMedia {
  localStream(source: MediaSource): MediaStream | null;
  remoteStream(peerId: PeerId, source: MediaSource): MediaStream | null;
  /** dBov, −127 (silence) to 0, several times a second while somebody speaks. Returns its own `off`. */
  onAudioLevels(listener: (levels: readonly AudioLevel[]) => void): () => void;
}

export interface Call {
  readonly state: CallState;
  readonly actions: CallActions;
  readonly media: CallMedia;
}
