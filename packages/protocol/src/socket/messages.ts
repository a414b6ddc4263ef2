import { z } from 'zod';
import type { Action } from '../common/actions.ts';
import {
  AppointmentId,
  AttachmentId,
  ConsumerId,
  DeviceId,
  EncounterId,
  PeerId,
  PractitionerRoleId,
  ProducerId,
  QueueId,
  ReportId,
  RoomId,
  TransportId,
} from '../common/ids.ts';
import { Role } from '../common/roles.ts';
import { Instant, LocalizedText } from '../common/values.ts';
import {
  AudioLevel,
  CameraChoice,
  ConsumerInfo,
  ConsumerLayers,
  IceParameters,
  IceServer,
  LineTestLoop,
  LineTestStarted,
  PeerRights,
  ProducerCreate,
  ProducerInfo,
  RtpCapabilities,
  TransportConnect,
  TransportDirection,
  TransportParameters,
} from '../media/parameters.ts';
import { CallSample, CallStep, MOST_SAMPLES, MOST_STEPS } from '../media/quality.ts';
import { ChatMessage, ChatReceipt, StillRequest } from '../rest/exchange.schemas.ts';
import { ToldPlace } from '../rest/queue.schemas.ts';
import { RecordingMark } from '../rest/recording.schemas.ts';
import { AppointmentStatus, CallEndReason, CallMediaMode, EncounterStatus, GuestKind } from '../states/index.ts';

const none = z.object({});
const inRoom = { roomId: RoomId, epoch: z.int().min(1) };

/** What a participant shows now, as it says itself. */
export const PeerShows = z.object({
  mode: CallMediaMode,
  /** Has a second camera that can be asked for. */
  hasExamination: z.boolean(),
  /** What its downlink carries of the others' pictures. */
  receives: CallMediaMode,
  /** What its uplink carries of its own picture; `mode` may be less because of the others' downlinks. */
  carries: CallMediaMode,
});
export type PeerShows = z.infer<typeof PeerShows>;

/** What others take for granted until they are told. */
export const EXPECTED_SHOWS: PeerShows = {
  mode: 'video',
  hasExamination: false,
  receives: 'video',
  carries: 'video',
};

/** Another participant as shown on the call stage. */
export const PeerInfo = z.object({
  peerId: PeerId,
  role: Role,
  displayName: z.string(),
  title: LocalizedText.nullable(),
  /** Came by a link, as whom; null: staff. */
  guest: GuestKind.nullable(),
  connected: z.boolean(),
  shows: PeerShows.default(EXPECTED_SHOWS),
  producers: z.array(ProducerInfo),
});
export type PeerInfo = z.infer<typeof PeerInfo>;

export const RoomState = z.object({
  ...inRoom,
  peerId: PeerId,
  rights: PeerRights,
  /** The specialist put the call on hold then: whoever doesn't belong to the specialist's side is parked meanwhile. */
  heldSince: Instant.nullable(),
  peers: z.array(PeerInfo),
  /** Own producers that the media node still has. */
  producers: z.array(ProducerInfo),
  /** Own consumers that the media node still has; new ones are paused. */
  consumers: z.array(ConsumerInfo),
  /** Null: not recorded. */
  recording: RecordingMark.nullable(),
});
export type RoomState = z.infer<typeof RoomState>;

type RequestDefinition = { readonly rule: Action; readonly request: z.ZodType; readonly response: z.ZodType };

/** Requests of a browser; each is answered by an ack `Result<response>`. */
export const socketRequests = {
  /**
   * Joins the room of an encounter: parked until the call is answered. One round trip holds all that is needed to
   * bring ICE and DTLS up. `instanceId` names the tab: a second tab takes over and the first one is told.
   */
  'room:join': {
    rule: 'room:join',
    request: z.object({
      encounterId: EncounterId,
      instanceId: z.uuid(),
      rtpCapabilities: RtpCapabilities.optional(),
    }),
    response: RoomState.extend({
      routerRtpCapabilities: RtpCapabilities,
      sendTransport: TransportParameters,
      recvTransport: TransportParameters,
      iceServers: z.array(IceServer),
    }),
  },
  /** After a lost socket, while media is still up: takes the notifications over. NOT_JOINED or STALE_EPOCH → join. */
  'room:attach': {
    rule: 'room:join',
    request: z.object({ encounterId: EncounterId, instanceId: z.uuid(), ...inRoom }),
    response: RoomState,
  },
  'room:leave': { rule: 'media:use', request: z.object(inRoom), response: none },
  'peer:set-capabilities': {
    rule: 'media:use',
    request: z.object({ ...inRoom, rtpCapabilities: RtpCapabilities }),
    response: z.object({ consumers: z.array(ConsumerInfo) }),
  },
  'transport:create': {
    rule: 'media:use',
    request: z.object({ ...inRoom, direction: TransportDirection }),
    response: TransportParameters,
  },
  'transport:connect': { rule: 'media:use', request: TransportConnect.extend(inRoom), response: none },
  'transport:restart-ice': {
    rule: 'media:use',
    request: z.object({ ...inRoom, transportId: TransportId }),
    response: z.object({ iceParameters: IceParameters }),
  },
  'producer:create': {
    rule: 'media:use',
    request: ProducerCreate.extend(inRoom),
    response: z.object({ producerId: ProducerId }),
  },
  'producer:pause': { rule: 'media:use', request: z.object({ ...inRoom, producerId: ProducerId }), response: none },
  'producer:resume': { rule: 'media:use', request: z.object({ ...inRoom, producerId: ProducerId }), response: none },
  'producer:close': { rule: 'media:use', request: z.object({ ...inRoom, producerId: ProducerId }), response: none },
  'consumer:resume': { rule: 'media:use', request: z.object({ ...inRoom, consumerId: ConsumerId }), response: none },
  'consumer:pause': { rule: 'media:use', request: z.object({ ...inRoom, consumerId: ConsumerId }), response: none },
  'consumer:set-layers': {
    rule: 'media:use',
    request: ConsumerLayers.extend({ ...inRoom, consumerId: ConsumerId }),
    response: none,
  },
  'consumer:request-key-frame': {
    rule: 'media:use',
    request: z.object({ ...inRoom, consumerId: ConsumerId }),
    response: none,
  },
  /** What this participant shows now: told to the others, and kept for those who come later or come back. */
  'peer:set-mode': {
    rule: 'media:use',
    request: z.object({ ...inRoom, ...PeerShows.shape }),
    response: none,
  },
  /** The specialist wishes to see the face, the examination camera, or both; the other side switches by itself. */
  'peer:want-cameras': {
    rule: 'cameras:want',
    request: z.object({ ...inRoom, peerId: PeerId, cameras: CameraChoice }),
    response: none,
  },
  /**
   * This tab's page waits for the call of the resident's own visit by phone: it is rung from now on, and counts as there
   * for as long as its socket is, or until it says that it left (`here` false).
   */
  'phone:here': {
    rule: 'phone-visit:take-part',
    request: z.object({ encounterId: EncounterId, here: z.boolean().default(true) }),
    response: none,
  },
  /** The terminal, or the resident's phone, takes the call. Grants both peers produce and consume. */
  'call:answer': {
    rule: 'call:answer',
    request: z.object({ encounterId: EncounterId }),
    response: z.object({ answeredAt: Instant }),
  },
  'call:decline': {
    rule: 'call:answer',
    request: z.object({ encounterId: EncounterId, reason: z.enum(['not-now', 'patient-absent']) }),
    response: none,
  },
  /** The terminal hangs up: the entry returns to the queue's head; only the specialist ends a consultation. */
  'call:leave': {
    rule: 'call:answer',
    request: z.object({ encounterId: EncounterId }),
    response: none,
  },
  /**
   * On hold nothing passes between the specialist's side and everybody else, and nothing between those; acknowledged
   * once the media node has cut it. Saying it again changes nothing.
   */
  'call:hold': {
    rule: 'call:hold',
    request: z.object({ encounterId: EncounterId, hold: z.boolean() }),
    response: none,
  },
  /** A guest, or an invited colleague, is out of the call for good; acknowledged once the media node has cut it. */
  'room:remove': {
    rule: 'participant:remove',
    request: z.object({ encounterId: EncounterId, peerId: PeerId }),
    response: none,
  },
  /**
   * How the call goes for this participant, also after a lost socket and shortly after the end. Saying it twice is
   * saying it once: samples and steps are told apart by their time.
   */
  'call:report': {
    rule: 'media:use',
    request: z.object({
      encounterId: EncounterId,
      samples: z.array(CallSample).max(MOST_SAMPLES),
      steps: z.array(CallStep).max(MOST_STEPS),
    }),
    response: none,
  },
  /**
   * Tests the line through a media node: a picture that comes back to whoever sent it. One test a socket, few a person;
   * it ends by itself after seconds.
   */
  'line-test:start': {
    rule: 'line:test',
    request: none,
    response: LineTestStarted.extend({ iceServers: z.array(IceServer) }),
  },
  'line-test:connect': { rule: 'line:test', request: TransportConnect, response: none },
  'line-test:loop': { rule: 'line:test', request: LineTestLoop, response: z.object({ consumer: ConsumerInfo }) },
  'line-test:end': { rule: 'line:test', request: none, response: none },
} as const satisfies Record<string, RequestDefinition>;

export type SocketRequestName = keyof typeof socketRequests;
export type SocketRequestData<Name extends SocketRequestName> = z.infer<(typeof socketRequests)[Name]['request']>;
export type SocketRequestInput<Name extends SocketRequestName> = z.input<(typeof socketRequests)[Name]['request']>;
export type SocketResponseData<Name extends SocketRequestName> = z.infer<(typeof socketRequests)[Name]['response']>;

const versioned = { version: z.int() };

/** Notifications to a browser. Those with a version: the client keeps the newest and refetches what it shows. */
export const socketNotifications = {
  'session:ended': z.object({
    reason: z.enum(['signed-out', 'revoked', 'expired', 'role-removed', 'terminal-revoked']),
  }),
  'server:draining': z.object({}),

  'appointment:changed': z.object({ appointmentId: AppointmentId, status: AppointmentStatus, ...versioned }),
  /** To everybody on the waiting list of a specialist: places may have changed. */
  'waitlist:changed': none,
  'encounter:changed': z.object({ encounterId: EncounterId, status: EncounterStatus, ...versioned }),
  'queue:changed': z.object({ queueId: QueueId, ...versioned }),
  'queue-entry:changed': ToldPlace,
  /** To the terminal: take a picture now. What was missed is in `exchange.get`. */
  'still:requested': StillRequest.extend({ encounterId: EncounterId }),
  /** Something exchanged beside the video came, ended or was drawn on. */
  'exchange:changed': z.object({ encounterId: EncounterId }),
  'attachment:progress': z.object({
    encounterId: EncounterId,
    attachmentId: AttachmentId,
    receivedBytes: z.int(),
  }),
  'chat:message': z.object({ encounterId: EncounterId, message: ChatMessage }),
  'chat:read': z.object({ encounterId: EncounterId, receipt: ChatReceipt }),
  'report:changed': z.object({ reportId: ReportId, encounterId: EncounterId, ...versioned }),
  /** A specialist's schedule or slots; to the specialist and the hospital. */
  'schedule:changed': z.object({ practitionerRoleId: PractitionerRoleId }),
  /** Some appointment of the hospital began or ceased to need an answer, or its time to answer is over. */
  'schedule-change:changed': z.object({}),
  'worklist:changed': z.object({}),
  'availability:changed': z.object({ ...versioned }),
  'device:changed': z.object({ deviceId: DeviceId, ...versioned }),
  'inbox:changed': z.object({}),
  /** Who acts for whom changed: to both sides' accounts. */
  'related-persons:changed': z.object({}),

  /** To the terminal. `autoAnswerSeconds` null: wait for a touch. */
  'call:ringing': z.object({
    encounterId: EncounterId,
    specialistName: z.string(),
    specialistTitle: LocalizedText,
    departmentName: LocalizedText,
    patientName: z.string(),
    ticketNumber: z.string(),
    autoAnswerSeconds: z.int().nullable(),
    ringingUntil: Instant,
  }),
  /** To the specialist, and to the other screens of the clinic, so that they stop ringing. */
  'call:answered': z.object({ encounterId: EncounterId, answeredAt: Instant }),
  'call:ended': z.object({ encounterId: EncounterId, reason: CallEndReason }),

  /** The call went on hold, or on again (null). */
  'call:held': z.object({ encounterId: EncounterId, heldSince: Instant.nullable() }),
  /** Another specialist is responsible from now on; the call goes on. */
  'call:transferred': z.object({ encounterId: EncounterId, specialistName: z.string() }),
  /** Somebody was asked into the call, answered, or is out of it. To those in the call, and to who was asked. */
  'people:changed': z.object({ encounterId: EncounterId }),

  /** The peer's rights rose to active: produce, and consume what is listed. */
  'room:opened': z.object({ ...inRoom, consumers: z.array(ConsumerInfo) }),
  /** To everybody in the call: it is recorded from now on, no longer, or stands still. */
  'recording:changed': z.object({ encounterId: EncounterId, recording: RecordingMark.nullable() }),
  /** Back to parked (hold, or the call was taken back before it was answered). */
  'room:parked': z.object(inRoom),
  /** The room lives on another node or worker now: join again, same identity. */
  'room:moved': z.object({ ...inRoom, reason: z.enum(['worker-died', 'node-died', 'drain']) }),
  'room:closed': z.object({ ...inRoom, reason: CallEndReason }),
  'room:audio-levels': z.object({ roomId: RoomId, levels: z.array(AudioLevel) }),
  /** Who has been speaking most of late; told when it changes. */
  'room:speaker': z.object({ roomId: RoomId, peerId: PeerId }),
  'peer:joined': z.object({ roomId: RoomId, peer: PeerInfo }),
  'peer:left': z.object({ roomId: RoomId, peerId: PeerId, reason: z.string() }),
  'peer:connection-changed': z.object({ roomId: RoomId, peerId: PeerId, connected: z.boolean() }),
  'peer:mode-changed': z.object({
    roomId: RoomId,
    peerId: PeerId,
    ...PeerShows.shape,
  }),
  'peer:cameras-wanted': z.object({ roomId: RoomId, cameras: CameraChoice }),
  /** The newest of what a participant reported of its own connection (`call:report`). */
  'peer:sampled': z.object({ encounterId: EncounterId, peerId: PeerId, sample: CallSample }),
  /** The own screen is no longer sent: another participant shares theirs in its place. */
  'producer:taken-over': z.object({ roomId: RoomId, producerId: ProducerId, by: PeerId }),
  'consumer:created': z.object({ roomId: RoomId, consumer: ConsumerInfo }),
  'consumer:closed': z.object({ roomId: RoomId, consumerId: ConsumerId }),
  'consumer:paused': z.object({ roomId: RoomId, consumerId: ConsumerId }),
  'consumer:resumed': z.object({ roomId: RoomId, consumerId: ConsumerId }),
  'consumer:layers-changed': z.object({
    roomId: RoomId,
    consumerId: ConsumerId,
    layers: ConsumerLayers.nullable(),
  }),
  'consumer:score': z.object({
    roomId: RoomId,
    consumerId: ConsumerId,
    score: z.int(),
    producerScore: z.int(),
  }),
} as const satisfies Record<string, z.ZodType>;

export type SocketNotificationName = keyof typeof socketNotifications;
export type SocketNotificationData<Name extends SocketNotificationName> = z.infer<(typeof socketNotifications)[Name]>;
