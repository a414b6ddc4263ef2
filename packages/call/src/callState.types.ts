import type { ConsumerId, EncounterId, LocalizedText, PeerId, ProducerId, Role } from '@cloud-hospital/protocol';
import type {
  CallSample,
  CameraChoice,
  MediaKind,
  MediaSource,
  PeerRights,
  PeerShows,
  RecoveryStage,
} from '@cloud-hospital/protocol/socket';
import type { RecordingMark } from '@cloud-hospital/protocol/rest';
import type { CallEndReason, CallMediaMode, CallPhase, GuestKind } from '@cloud-hospital/protocol/states';

/** How far the room is prepared before anyone answers. `ready`: ICE and DTLS of both transports are up. */
export type Warmth = 'cold' | 'joining' | 'warming' | 'ready';

/** `off`: never started. `paused`: the person muted it or switched it off. `unavailable`: see the problems. */
export type LocalSourceStatus = 'off' | 'starting' | 'live' | 'paused' | 'unavailable';

/** What the browser does to the voice of a microphone before it is sent. */
export interface SoundSettings {
  /** Without it, sounds that aren't speech (a stethoscope, a cough) reach the other side. */
  readonly noiseSuppression: boolean;
  /** Without it, the other side hears itself unless headphones are worn. */
  readonly echoCancellation: boolean;
}

export interface LocalSource {
  readonly status: LocalSourceStatus;
  readonly deviceId: string | null;
  /** Label of the device as the browser gives it. */
  readonly label: string | null;
  /** Id of the current MediaStreamTrack; changes when the device is switched. */
  readonly trackId: string | null;
}

/** What is received from another peer: one Consumer. */
export interface RemoteStream {
  readonly peerId: PeerId;
  readonly consumerId: ConsumerId;
  readonly producerId: ProducerId;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  /** The other side muted or switched it off. */
  readonly paused: boolean;
  /** The first RTP packet has been played out. */
  readonly flowing: boolean;
}

/** With what it shows, as it says itself. */
export interface Participant extends Readonly<PeerShows> {
  readonly peerId: PeerId;
  readonly role: Role;
  readonly displayName: string;
  readonly title: LocalizedText | null;
  /** Came by a link, as whom; `null`: staff. */
  readonly guest: GuestKind | null;
  /** Whether its media transports are connected to the media node. */
  readonly connected: boolean;
  /** Its own connection, as it says itself; `null`: nothing heard yet. */
  readonly quality: CallSample | null;
}

export const CALL_PROBLEM_CODES = [
  'insecure-context',
  'microphone-denied',
  'microphone-missing',
  'microphone-busy',
  'microphone-lost',
  'camera-denied',
  'camera-missing',
  'camera-busy',
  'camera-lost',
  'examination-denied',
  'examination-missing',
  'examination-busy',
  'examination-lost',
  /** The network is too slow for moving pictures: one every few seconds; audio is protected. */
  'video-stills',
  /** The network is too weak for any picture; audio is protected. */
  'video-suspended',
  /** The browser plays no sound until the page is touched. */
  'autoplay-blocked',
  /** Another participant shares a screen now, in place of the own one. */
  'screen-taken',
  /** The browser, or the system, doesn't let this page see the screen. */
  'screen-failed',
  /** No connection to signaling; media may still be up. */
  'signal-lost',
  /** Signaling refuses this session or this version. */
  'signal-refused',
  /** Media is down and being brought back. */
  'media-lost',
] as const;
export type CallProblemCode = (typeof CALL_PROBLEM_CODES)[number];

export interface CallProblem {
  readonly code: CallProblemCode;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export type QualityLevel = 'unknown' | 'good' | 'fair' | 'poor' | 'lost';

/** One sample of the connection, of this participant. */
export interface CallQuality {
  readonly level: QualityLevel;
  /** E-model MOS of the received audio, 1–4.5. */
  readonly mos: number | null;
  readonly roundTripMs: number | null;
  readonly jitterMs: number | null;
  /** Packets lost ÷ expected since the last sample, 0–1; the worse of both directions. */
  readonly lossRate: number;
  /** Concealed samples ÷ all audio samples played since the last sample, 0–1. */
  readonly concealedRate: number;
  readonly sendKbps: number;
  readonly receiveKbps: number;
  readonly sendFps: number | null;
  readonly receiveFps: number | null;
  /** Lines of the largest picture sent and received. */
  readonly sendHeight: number | null;
  readonly receiveHeight: number | null;
  /** Video freezes seen so far in this call, and their time in milliseconds. */
  readonly freezes: number;
  readonly freezeMs: number;
}

/** One step of a recovery, kept for the consultation's record. */
export interface RecoveryEntry {
  readonly stage: RecoveryStage;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Since the trouble began that this step belongs to, milliseconds. */
  readonly sinceLossMs: number;
  /** A code, e.g. of the error that led to the next step; never a free text. */
  readonly detail: string | null;
}

export interface CallState {
  readonly encounterId: EncounterId | null;
  /** A specialist calls out, everybody else is called. */
  readonly direction: 'outgoing' | 'incoming';
  readonly phase: CallPhase;
  readonly endReason: CallEndReason | null;
  /** Own media mode. */
  readonly mode: CallMediaMode;
  /** Another's picture should move and stands still, since our line doesn't carry it. */
  readonly stuck: boolean;
  /**
   * Media rests: the specialist put the call on hold (`heldSince`), or the visit is parked. On the specialist's side only
   * the former, and media with colleagues goes on.
   */
  readonly hold: boolean;
  /** Since when the specialist holds the call, milliseconds since the epoch by the server's clock. */
  readonly heldSince: number | null;
  /** The call is recorded; everybody in it sees that. */
  readonly recording: RecordingMark | null;
  readonly warmth: Warmth;
  /** `null` before the room is joined. */
  readonly rights: PeerRights | null;
  /** When the call was answered, milliseconds since the epoch; the call clock counts from here. */
  readonly answeredAt: number | null;
  readonly peerId: PeerId | null;
  readonly microphone: LocalSource;
  readonly camera: LocalSource;
  /** The second camera; `off` until somebody wants to see it. */
  readonly examination: LocalSource;
  /** The own screen, while it is shared. */
  readonly screen: LocalSource;
  /** A second camera is plugged in here. */
  readonly hasExamination: boolean;
  /** What the specialist asked to see last; `null`: nothing yet. */
  readonly camerasWanted: CameraChoice | null;
  readonly sound: SoundSettings;
  /** Device that plays the other side's sound; `null`: the browser's default. */
  readonly speakerId: string | null;
  /** Which of the others has been speaking most of late; `null`: nobody yet. */
  readonly speakingPeerId: PeerId | null;
  /** The other peers of the room. */
  readonly participants: readonly Participant[];
  readonly streams: readonly RemoteStream[];
  readonly problems: readonly CallProblem[];
  readonly quality: CallQuality | null;
  readonly recovery: readonly RecoveryEntry[];
}
