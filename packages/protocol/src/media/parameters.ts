import type { types as mediasoup } from 'mediasoup';
import { z } from 'zod';
import { ConsumerId, PeerId, ProducerId, TransportId } from '../common/ids.ts';
import { DtlsParametersShape, RtpCapabilitiesShape, RtpParametersShape } from './shapes.ts';

/**
 * mediasoup's own parameter objects travel unchanged and under mediasoup's own types. What comes from a browser is
 * checked field by field (see shapes.ts for why); what only the media node makes, by its outer shape.
 */
const mediasoupObject = <T extends object>(shape: z.ZodType = z.looseObject({})) =>
  z.custom<T>().superRefine((value, context) => {
    const parsed = shape.safeParse(value);
    for (const { path, message } of parsed.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export const RtpCapabilities = mediasoupObject<mediasoup.RtpCapabilities>(RtpCapabilitiesShape);
export const RtpParameters = mediasoupObject<mediasoup.RtpParameters>(RtpParametersShape);
export const DtlsParameters = mediasoupObject<mediasoup.DtlsParameters>(DtlsParametersShape);
export const IceParameters = mediasoupObject<mediasoup.IceParameters>();
export const IceCandidate = mediasoupObject<mediasoup.IceCandidate>();

export type RtpCapabilities = z.infer<typeof RtpCapabilities>;
export type RtpParameters = z.infer<typeof RtpParameters>;
export type DtlsParameters = z.infer<typeof DtlsParameters>;
export type IceParameters = z.infer<typeof IceParameters>;

export const TransportDirection = z.enum(['send', 'recv']);
export type TransportDirection = z.infer<typeof TransportDirection>;

export const TransportParameters = z.object({
  transportId: TransportId,
  direction: TransportDirection,
  iceParameters: IceParameters,
  iceCandidates: z.array(IceCandidate),
  dtlsParameters: DtlsParameters,
});
export type TransportParameters = z.infer<typeof TransportParameters>;

export const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof IceServer>;

export const MediaKind = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof MediaKind>;

/** What a Producer shows. `examination` is a terminal's second camera. */
export const MediaSource = z.enum(['microphone', 'camera', 'examination', 'screen']);
export type MediaSource = z.infer<typeof MediaSource>;

/** Which of a terminal's cameras are sent. */
export const CameraChoice = z.enum(['face', 'examination', 'both']);
export type CameraChoice = z.infer<typeof CameraChoice>;

/** A parked peer has its ICE and DTLS up but may neither produce nor consume. */
export const PeerRights = z.enum(['parked', 'active']);
export type PeerRights = z.infer<typeof PeerRights>;

export const ProducerInfo = z.object({
  producerId: ProducerId,
  kind: MediaKind,
  source: MediaSource,
  paused: z.boolean(),
});
export type ProducerInfo = z.infer<typeof ProducerInfo>;

/** All that a receiver needs to consume; the Consumer is paused until `consumer:resume`. */
export const ConsumerInfo = z.object({
  consumerId: ConsumerId,
  producerId: ProducerId,
  peerId: PeerId,
  kind: MediaKind,
  source: MediaSource,
  rtpParameters: RtpParameters,
  type: z.enum(['simple', 'simulcast', 'svc', 'pipe']),
  producerPaused: z.boolean(),
});
export type ConsumerInfo = z.infer<typeof ConsumerInfo>;

export const ConsumerLayers = z.object({
  spatialLayer: z.int().min(0).max(7),
  temporalLayer: z.int().min(0).max(7).optional(),
});
export type ConsumerLayers = z.infer<typeof ConsumerLayers>;

/** Level of a speaking peer in dBov, −127 (silence) to 0. */
export const AudioLevel = z.object({ peerId: PeerId, dBov: z.number() });
export type AudioLevel = z.infer<typeof AudioLevel>;

export const ProducerCreate = z.object({
  transportId: TransportId,
  kind: MediaKind,
  source: MediaSource,
  rtpParameters: RtpParameters,
  paused: z.boolean().default(false),
  /** Of a screen: in place of another participant's, which ends. Without it a second screen is refused. */
  takesOver: z.boolean().default(false),
});
export const TransportConnect = z.object({ transportId: TransportId, dtlsParameters: DtlsParameters });

/** All that brings both directions of a line test up. */
export const LineTestStarted = z.object({
  routerRtpCapabilities: RtpCapabilities,
  sendTransport: TransportParameters,
  recvTransport: TransportParameters,
});
export const LineTestLoop = z.object({ rtpParameters: RtpParameters, rtpCapabilities: RtpCapabilities });
