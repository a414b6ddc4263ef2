import { z } from 'zod';
import { ConsumerId, NodeId, PeerId, ProducerId, RoomId, TransportId } from '../common/ids.ts';
import {
  AudioLevel,
  ConsumerInfo,
  ConsumerLayers,
  IceParameters,
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
import { RecordingGap, SegmentStored } from './recording.ts';

/**
 * The control link between signaling and a media node: one authenticated WebSocket per (replica, node), JSON frames.
 * The node knows rooms and peers, nothing medical, and trusts what an authenticated replica asks; authorisation
 * happened before. Every request that touches a room carries the room's epoch: the node refuses an older one.
 */
const inRoom = { roomId: RoomId, epoch: z.int().min(1) };
const ofPeer = { ...inRoom, peerId: PeerId };
const none = z.object({});

/** State of one peer as the node holds it; what a client needs to reconcile after a lost socket. */
export const PeerMediaState = z.object({
  rights: PeerRights,
  /** Whether this peer's own transports are up, as `connected` of the others. */
  connected: z.boolean(),
  /** Producers of this peer that are alive in the node. */
  producers: z.array(ProducerInfo),
  /** Consumers of this peer that are alive in the node. */
  consumers: z.array(ConsumerInfo),
  /** The other peers of the room. */
  peers: z.array(z.object({ peerId: PeerId, producers: z.array(ProducerInfo), connected: z.boolean() })),
});
export type PeerMediaState = z.infer<typeof PeerMediaState>;

export const sfuRequests = {
  /** Creates the room if absent (serialised in the node) and joins the peer, replacing an older join of the same peer. */
  'peer:join': {
    request: z.object({
      ...ofPeer,
      /** Attachment epoch: rises with each (re)attachment of the peer's socket; decides who hears its notifications. */
      attachment: z.int().min(1),
      rights: PeerRights,
      rtpCapabilities: RtpCapabilities.optional(),
    }),
    response: z.object({
      routerRtpCapabilities: RtpCapabilities,
      sendTransport: TransportParameters,
      recvTransport: TransportParameters,
      state: PeerMediaState,
    }),
  },
  /** A returning socket takes over a peer whose media is still up. NOT_JOINED when the node doesn't know it. */
  'peer:attach': {
    request: z.object({ ...ofPeer, attachment: z.int().min(1) }),
    response: PeerMediaState,
  },
  /** Without it the node creates no Consumers for the peer. Answers with Consumers for all present Producers when active. */
  'peer:set-capabilities': {
    request: z.object({ ...ofPeer, rtpCapabilities: RtpCapabilities }),
    response: z.object({ consumers: z.array(ConsumerInfo) }),
  },
  'peer:set-rights': {
    request: z.object({ ...ofPeer, rights: PeerRights }),
    response: z.object({ consumers: z.array(ConsumerInfo) }),
  },
  /** Closing what is gone succeeds. */
  'peer:close': { request: z.object({ ...ofPeer, reason: z.string().max(40) }), response: none },
  /** Reason `drain` is passed on in `room:closed`; any other becomes `closed` there. Closing what is gone succeeds. */
  'room:close': { request: z.object({ ...inRoom, reason: z.string().max(40) }), response: none },
  'transport:create': {
    request: z.object({ ...ofPeer, direction: TransportDirection }),
    response: TransportParameters,
  },
  'transport:connect': { request: TransportConnect.extend(ofPeer), response: none },
  'transport:restart-ice': {
    request: z.object({ ...ofPeer, transportId: TransportId }),
    response: z.object({ iceParameters: IceParameters }),
  },
  'producer:create': {
    request: ProducerCreate.extend(ofPeer),
    /** `consumers` are the paused Consumers made for the other peers; the replica notifies each of its own. */
    response: z.object({
      producerId: ProducerId,
      consumers: z.array(z.object({ peerId: PeerId, consumer: ConsumerInfo })),
    }),
  },
  'producer:pause': { request: z.object({ ...ofPeer, producerId: ProducerId }), response: none },
  'producer:resume': { request: z.object({ ...ofPeer, producerId: ProducerId }), response: none },
  'producer:close': { request: z.object({ ...ofPeer, producerId: ProducerId }), response: none },
  'consumer:resume': { request: z.object({ ...ofPeer, consumerId: ConsumerId }), response: none },
  'consumer:pause': { request: z.object({ ...ofPeer, consumerId: ConsumerId }), response: none },
  'consumer:set-layers': {
    request: ConsumerLayers.extend({ ...ofPeer, consumerId: ConsumerId }),
    response: none,
  },
  'consumer:request-key-frame': { request: z.object({ ...ofPeer, consumerId: ConsumerId }), response: none },
  /** RTP statistics of one peer's transports, producers and consumers, as mediasoup gives them. */
  'peer:stats': {
    request: z.object(ofPeer),
    response: z.object({ transports: z.array(z.json()), producers: z.array(z.json()), consumers: z.array(z.json()) }),
  },
  /** A loop of one browser with itself, in no room; the node ends it after seconds, whatever anybody says. */
  'line-test:start': {
    request: z.object({ testId: z.uuid() }),
    response: LineTestStarted,
  },
  'line-test:connect': { request: TransportConnect.extend({ testId: z.uuid() }), response: none },
  'line-test:loop': {
    request: LineTestLoop.extend({ testId: z.uuid() }),
    response: z.object({ consumer: ConsumerInfo }),
  },
  'line-test:end': { request: z.object({ testId: z.uuid() }), response: none },
  /**
   * Records everybody in the room from now on, sealed under the recording's own key. Asking again is asking once.
   * MEDIA_UNAVAILABLE where the node can't record.
   */
  'recording:start': {
    request: z.object({
      ...inRoom,
      recordingId: z.uuid(),
      /** 32 bytes. */
      key: z.base64(),
    }),
    response: none,
  },
  /** No packet is taken any more when the answer comes; what was taken is stored afterwards. Stopping what isn't there succeeds. */
  'recording:stop': { request: z.object({ recordingId: z.uuid() }), response: none },
  /** Which peers are in which rooms; the sweep compares it with the authorised participants. */
  'node:inventory': {
    request: none,
    response: z.object({
      rooms: z.array(
        z.object({
          roomId: RoomId,
          epoch: z.int(),
          recordingId: z.uuid().nullable(),
          peers: z.array(z.object({ peerId: PeerId, rights: PeerRights })),
        }),
      ),
    }),
  },
  /** Stops taking new rooms; the replicas move the rest away, then the node ends itself. */
  'node:drain': { request: none, response: none },
} as const;

export type SfuRequestName = keyof typeof sfuRequests;
export type SfuRequestData<Name extends SfuRequestName> = z.infer<(typeof sfuRequests)[Name]['request']>;
export type SfuRequestInput<Name extends SfuRequestName> = z.input<(typeof sfuRequests)[Name]['request']>;
export type SfuResponseData<Name extends SfuRequestName> = z.infer<(typeof sfuRequests)[Name]['response']>;

/**
 * `consumer:…` goes over the link of the replica that holds the receiving peer's attachment; `room:…`,
 * `peer:connection-changed` and `peer:closed` over every link that has a peer in the room (the requester of a closing
 * excepted, its answer says so). A Consumer may reach its peer twice when requests cross: compare `consumerId`.
 */
export const sfuNotifications = {
  'peer:connection-changed': z.object({
    ...ofPeer,
    direction: TransportDirection,
    state: z.enum(['new', 'connected', 'disconnected', 'failed', 'closed']),
  }),
  /** To the other links that have a peer in the room: somebody joined, or joined anew. */
  'peer:joined': z.object({ ...ofPeer, rights: PeerRights }),
  /**
   * To the peer's own link when another replica changed its rights (a call answered elsewhere). `consumers` are all the
   * peer has now; they are not told again by `consumer:created`.
   */
  'peer:rights-changed': z.object({ ...ofPeer, rights: PeerRights, consumers: z.array(ConsumerInfo) }),
  /** Reason `replaced` goes only to the link that lost the peer to a newer join over another one. */
  'peer:closed': z.object({ ...ofPeer, reason: z.string() }),
  /** To the peer that sent it: another participant shares a screen in its place. */
  'producer:taken-over': z.object({ ...ofPeer, producerId: ProducerId, by: PeerId }),
  /** To the receiving peer. Not sent to the replica that got the same Consumer in an answer. */
  'consumer:created': z.object({ ...ofPeer, consumer: ConsumerInfo }),
  'consumer:closed': z.object({ ...ofPeer, consumerId: ConsumerId }),
  'consumer:paused': z.object({ ...ofPeer, consumerId: ConsumerId }),
  'consumer:resumed': z.object({ ...ofPeer, consumerId: ConsumerId }),
  'consumer:layers-changed': z.object({ ...ofPeer, consumerId: ConsumerId, layers: ConsumerLayers.nullable() }),
  'consumer:score': z.object({ ...ofPeer, consumerId: ConsumerId, score: z.int(), producerScore: z.int() }),
  /** The first RTP of the room arrived: the consultation has begun. Once per room epoch. */
  'room:media-started': z.object(inRoom),
  /** For `hearers` alone: who is on hold, or not let in yet, doesn't learn that somebody speaks. */
  'room:audio-levels': z.object({ ...inRoom, hearers: z.array(PeerId), levels: z.array(AudioLevel) }),
  /** Who has been speaking most of late; told when it changes, to `hearers` alone. */
  'room:speaker': z.object({ ...inRoom, hearers: z.array(PeerId), peerId: PeerId }),
  /** The router is gone (its worker died, or the node drains): the room must be placed anew. */
  'room:closed': z.object({ ...inRoom, reason: z.enum(['worker-died', 'drain', 'closed', 'superseded']) }),
  /** To every link: a part of a recording is durable. Whoever hears it first reads it back and keeps its row. */
  'recording:segment-stored': SegmentStored,
  /** To every link. */
  'recording:gap': RecordingGap,
  /** To every link, and to a new one after its `welcome`: move the rooms away before the deadline (milliseconds left). */
  'node:draining': z.object({ remainingMs: z.int().min(0) }),
} as const;
export type SfuNotificationName = keyof typeof sfuNotifications;
export type SfuNotificationData<Name extends SfuNotificationName> = z.infer<(typeof sfuNotifications)[Name]>;

/** A node's announcement in Redis, key `sfu:node:<nodeId>`, renewed each second with an expiry of 3 s. */
export const NodeAnnouncement = z.object({
  nodeId: NodeId,
  /** Address of the control link, e.g. `ws://10.0.0.5:4443`. */
  controlUrl: z.url(),
  /** New at each process start, so that a restarted node is not taken for the one before. */
  incarnation: z.uuid(),
  workers: z.int(),
  rooms: z.int(),
  peers: z.int(),
  /** CPU use of the busiest worker, 0–1 of a core. */
  load: z.number(),
  draining: z.boolean(),
  announcedAt: z.iso.datetime(),
});
export type NodeAnnouncement = z.infer<typeof NodeAnnouncement>;

export const nodeAnnouncementKey = (nodeId: string): string => `sfu:node:${nodeId}`;
export const NODE_ANNOUNCEMENT_PATTERN = 'sfu:node:*';
