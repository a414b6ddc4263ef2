import { assertUnreachable, type EncounterId, type ConsumerId, type PeerId } from '@cloud-hospital/protocol';
import type { CallSample, CameraChoice, PeerInfo, PeerRights, PeerShows } from '@cloud-hospital/protocol/socket';
import {
  CALL_PHASE_TRANSITIONS,
  type CallEndReason,
  type CallMediaMode,
  type CallPhase,
  canTransition,
} from '@cloud-hospital/protocol/states';
import type { CaptureSource } from './local/mediaProblem.ts';
import type {
  CallProblemCode,
  CallQuality,
  CallState,
  LocalSource,
  Participant,
  RecoveryEntry,
  RemoteStream,
  SoundSettings,
  Warmth,
} from './callState.types.ts';
import { betterOf, type PictureMode, worseOf } from './quality/weakNetwork.ts';

/** All that can happen to a call, as facts in the past. The reducer alone decides what follows from them. */
export type CallEvent =
  | { readonly type: 'started'; readonly encounterId: EncounterId; readonly direction: CallState['direction'] }
  | { readonly type: 'warmth-changed'; readonly warmth: Warmth }
  | {
      readonly type: 'room-joined';
      readonly peerId: PeerId;
      readonly rights: PeerRights;
      readonly peers: readonly PeerInfo[];
    }
  | { readonly type: 'rang' }
  | { readonly type: 'answered'; readonly at: number }
  | { readonly type: 'room-opened' }
  | { readonly type: 'room-parked' }
  | { readonly type: 'held'; readonly since: number | null }
  | { readonly type: 'recording-changed'; readonly recording: CallState['recording'] }
  | { readonly type: 'media-connected' }
  | { readonly type: 'media-lost' }
  | { readonly type: 'ended'; readonly reason: CallEndReason }
  | { readonly type: 'reset' }
  | { readonly type: 'peer-joined'; readonly peer: PeerInfo }
  | { readonly type: 'peer-left'; readonly peerId: PeerId }
  | { readonly type: 'peer-connection-changed'; readonly peerId: PeerId; readonly connected: boolean }
  | ({ readonly type: 'peer-mode-changed'; readonly peerId: PeerId } & Readonly<PeerShows>)
  | { readonly type: 'peer-sampled'; readonly peerId: PeerId; readonly sample: CallSample }
  | { readonly type: 'stream-added'; readonly stream: RemoteStream }
  | { readonly type: 'stream-removed'; readonly consumerId: ConsumerId }
  | { readonly type: 'streams-cleared' }
  | {
      readonly type: 'stream-changed';
      readonly consumerId: ConsumerId;
      readonly patch: Partial<Pick<RemoteStream, 'paused' | 'flowing'>>;
    }
  | {
      readonly type: 'local-source-changed';
      readonly source: CaptureSource;
      readonly patch: Partial<LocalSource>;
    }
  | { readonly type: 'cameras-counted'; readonly count: number }
  | { readonly type: 'cameras-wanted'; readonly cameras: CameraChoice }
  | { readonly type: 'screen-changed'; readonly patch: Partial<LocalSource> }
  | { readonly type: 'speaker-heard'; readonly peerId: PeerId }
  | { readonly type: 'sound-changed'; readonly sound: SoundSettings }
  | { readonly type: 'speaker-changed'; readonly speakerId: string }
  | { readonly type: 'mode-changed'; readonly mode: CallMediaMode }
  | { readonly type: 'stuck-changed'; readonly stuck: boolean }
  | { readonly type: 'problem-appeared'; readonly code: CallProblemCode; readonly at: number }
  | { readonly type: 'problem-gone'; readonly code: CallProblemCode }
  | { readonly type: 'quality-sampled'; readonly quality: CallQuality }
  | { readonly type: 'recovery-logged'; readonly entry: RecoveryEntry };

const OFF: LocalSource = { status: 'off', deviceId: null, label: null, trackId: null };

/** Older steps are dropped, so that a call on a bad link doesn't grow without bound. */
const RECOVERY_LOG_LIMIT = 500;

export const INITIAL_CALL_STATE: CallState = {
  encounterId: null,
  direction: 'incoming',
  phase: 'idle',
  endReason: null,
  mode: 'video',
  stuck: false,
  hold: false,
  heldSince: null,
  recording: null,
  warmth: 'cold',
  rights: null,
  answeredAt: null,
  peerId: null,
  microphone: OFF,
  camera: OFF,
  examination: OFF,
  screen: OFF,
  hasExamination: false,
  camerasWanted: null,
  sound: { noiseSuppression: true, echoCancellation: true },
  speakerId: null,
  speakingPeerId: null,
  participants: [],
  streams: [],
  problems: [],
  quality: null,
  recovery: [],
};

/** Moves the phase if the table allows it; otherwise the state is returned unchanged, as the same object. */
function moved(state: CallState, to: CallPhase): CallState {
  return canTransition(CALL_PHASE_TRANSITIONS, state.phase, to) ? { ...state, phase: to } : state;
}

const toParticipant = (peer: PeerInfo, before: Participant | undefined): Participant => ({
  peerId: peer.peerId,
  role: peer.role,
  displayName: peer.displayName,
  title: peer.title,
  guest: peer.guest,
  connected: peer.connected,
  ...peer.shows,
  quality: before?.quality ?? null,
});

const patchPeer = (state: CallState, peerId: PeerId, patch: Partial<Participant>): CallState => ({
  ...state,
  participants: state.participants.map((one) => (one.peerId === peerId ? { ...one, ...patch } : one)),
});

function joined(state: CallState, event: Extract<CallEvent, { type: 'room-joined' }>): CallState {
  const known = new Map(state.participants.map((one) => [one.peerId, one]));
  return {
    ...state,
    peerId: event.peerId,
    rights: event.rights,
    participants: event.peers.map((peer) => toParticipant(peer, known.get(peer.peerId))),
  };
}

/** A call found on hold after a reload is a call, though nothing opens it. */
function held(state: CallState, since: number | null): CallState {
  if (since === null) return { ...state, heldSince: null, hold: state.rights === 'parked' && state.hold };
  const waits = state.rights === 'parked' && (state.phase === 'idle' || state.phase === 'ringing');
  return { ...(waits ? moved(state, 'connecting') : state), heldSince: since, hold: true };
}

/** The end of a call keeps who was there and what went wrong, and lets go of everything that is running. */
const ended = (state: CallState, reason: CallEndReason): CallState => {
  const after = moved(state, 'ended');
  if (after === state) return state;
  return {
    ...after,
    endReason: reason,
    hold: false,
    heldSince: null,
    recording: null,
    rights: null,
    warmth: 'cold',
    streams: [],
    problems: [],
    microphone: OFF,
    camera: OFF,
    examination: OFF,
    screen: OFF,
  };
};

/**
 * The call as a pure function of what happened. Phases move by `CALL_PHASE_TRANSITIONS` only: an event that would
 * need another transition changes nothing. Once ended, only `reset` and late entries of the recovery log are taken.
 */
export function callReducer(state: CallState, event: CallEvent): CallState {
  if (state.phase === 'ended' && event.type !== 'reset' && event.type !== 'recovery-logged') return state;
  switch (event.type) {
    case 'started':
      return state.encounterId === null
        ? { ...state, encounterId: event.encounterId, direction: event.direction }
        : state;
    case 'warmth-changed':
      return { ...state, warmth: event.warmth };
    case 'room-joined':
      return joined(state, event);
    case 'rang':
      return moved(state, 'ringing');
    case 'answered':
      return { ...moved(state, 'connecting'), answeredAt: state.answeredAt ?? event.at };
    case 'room-opened':
      // A call found open (after a reload) connects without having rung.
      return {
        ...(state.phase === 'reconnecting' ? state : moved(state, 'connecting')),
        rights: 'active',
        // Only the specialist's side is open while it holds.
        hold: state.direction === 'outgoing' && state.hold,
      };
    case 'room-parked':
      return {
        ...state,
        rights: 'parked',
        streams: [],
        hold: state.heldSince !== null || state.phase === 'connected' || state.phase === 'reconnecting',
      };
    case 'held':
      return held(state, event.since);
    case 'recording-changed':
      return { ...state, recording: event.recording };
    case 'media-connected':
      return moved(state, 'connected');
    case 'media-lost':
      return moved(state, 'reconnecting');
    case 'ended':
      return ended(state, event.reason);
    case 'reset':
      return canTransition(CALL_PHASE_TRANSITIONS, state.phase, 'idle') ? INITIAL_CALL_STATE : state;
    case 'peer-joined': {
      const others = state.participants.filter((one) => one.peerId !== event.peer.peerId);
      const before = state.participants.find((one) => one.peerId === event.peer.peerId);
      return { ...state, participants: [...others, toParticipant(event.peer, before)] };
    }
    case 'peer-left':
      return {
        ...state,
        participants: state.participants.filter((one) => one.peerId !== event.peerId),
        streams: state.streams.filter((one) => one.peerId !== event.peerId),
      };
    case 'peer-connection-changed':
      return patchPeer(state, event.peerId, { connected: event.connected });
    case 'peer-mode-changed': {
      const { type: _type, peerId, ...shows } = event;
      return patchPeer(state, peerId, shows);
    }
    case 'peer-sampled':
      return patchPeer(state, event.peerId, { quality: event.sample });
    case 'stream-added': {
      const others = state.streams.filter((one) => one.consumerId !== event.stream.consumerId);
      return { ...state, streams: [...others, event.stream] };
    }
    case 'stream-removed':
      return { ...state, streams: state.streams.filter((one) => one.consumerId !== event.consumerId) };
    case 'streams-cleared':
      return { ...state, streams: [] };
    case 'stream-changed':
      return {
        ...state,
        streams: state.streams.map((one) => (one.consumerId === event.consumerId ? { ...one, ...event.patch } : one)),
      };
    case 'local-source-changed':
      return { ...state, [event.source]: { ...state[event.source], ...event.patch } };
    case 'cameras-counted':
      return { ...state, hasExamination: event.count > 1 };
    case 'cameras-wanted':
      return { ...state, camerasWanted: event.cameras };
    case 'screen-changed':
      return { ...state, screen: { ...state.screen, ...event.patch } };
    case 'speaker-heard':
      // The own voice is no reason to show somebody else large.
      return event.peerId === state.peerId ? state : { ...state, speakingPeerId: event.peerId };
    case 'sound-changed':
      return { ...state, sound: event.sound };
    case 'speaker-changed':
      return { ...state, speakerId: event.speakerId };
    case 'mode-changed':
      return { ...state, mode: event.mode };
    case 'stuck-changed':
      return { ...state, stuck: event.stuck };
    case 'problem-appeared':
      return state.problems.some((one) => one.code === event.code)
        ? state
        : { ...state, problems: [...state.problems, { code: event.code, since: event.at }] };
    case 'problem-gone':
      return state.problems.some((one) => one.code === event.code)
        ? { ...state, problems: state.problems.filter((one) => one.code !== event.code) }
        : state;
    case 'quality-sampled':
      return { ...state, quality: event.quality };
    case 'recovery-logged':
      return { ...state, recovery: [...state.recovery, event.entry].slice(-RECOVERY_LOG_LIMIT) };
    default:
      return assertUnreachable(event);
  }
}

/** What is received from one participant. */
export const streamsOf = (state: CallState, peerId: PeerId): readonly RemoteStream[] =>
  state.streams.filter((one) => one.peerId === peerId);

export const hasProblem = (state: CallState, code: CallProblemCode): boolean =>
  state.problems.some((one) => one.code === code);

/** Somebody is connected and sends a moving picture, as they say. */
export const expectsMotion = (state: CallState): boolean =>
  state.phase === 'connected' &&
  state.participants.some(
    ({ peerId, mode, connected }) =>
      connected &&
      mode === 'video' &&
      streamsOf(state, peerId).some(
        (stream) => stream.kind === 'video' && stream.source !== 'screen' && !stream.paused,
      ),
  );

/** Everybody else says that their own uplink carries no moving picture. */
export const othersStarve = ({ participants }: CallState): boolean =>
  participants.length > 0 && participants.every(({ carries }) => carries !== 'video');

/** What is sent of the own picture: what its uplink carries, and nothing that no other participant can receive. */
export function sentMode({ participants }: CallState, carries: PictureMode): PictureMode {
  if (participants.length === 0) return carries;
  return worseOf(
    carries,
    participants.map(({ receives }) => (receives === 'phone' ? 'audio' : receives)).reduce(betterOf),
  );
}

/** Somebody else says that their line carries no moving picture, in either direction. */
export const othersAreThin = ({ participants }: CallState): boolean =>
  participants.some(({ receives, carries }) => receives !== 'video' || carries !== 'video');
