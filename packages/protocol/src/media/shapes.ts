import { z } from 'zod';

/**
 * What mediasoup's parameter objects may hold, field by field. mediasoup checks less than it relies on: a fraction in
 * `maxBitrate`, for one, throws while a message to its worker is half written, and from then on no message reaches that
 * worker, for any room. So nothing a browser sent gets to mediasoup unchecked. Unknown fields pass: browsers add some,
 * and mediasoup doesn't read them.
 */
const uint32 = z.int().min(0).max(0xffff_ffff);
const payloadType = z.int().min(0).max(127);
const shortText = z.string().max(255);
const kind = z.enum(['audio', 'video']);

/** Format parameters: integers of 32 bits, fractions, or text (H264's parameter sets are the longest). */
const formatParameters = z.record(
  z.string().max(64),
  z.union([
    z
      .number()
      .min(-(2 ** 31))
      .max(2 ** 31 - 1),
    z.string().max(2_048),
  ]),
);

const rtcpFeedback = z.array(z.looseObject({ type: shortText, parameter: shortText.optional() })).max(32);

const codec = {
  mimeType: z.string().regex(/^(audio|video)\/[\w.+-]{1,64}$/i),
  clockRate: uint32.min(1),
  channels: z.int().min(1).max(8).optional(),
  parameters: formatParameters.optional(),
  rtcpFeedback: rtcpFeedback.optional(),
};

const extensionUri = z.string().min(1).max(255);
/** One byte in the header; 0 is padding. */
const extensionId = z.int().min(1).max(255);

export const RtpCapabilitiesShape = z.looseObject({
  codecs: z
    .array(z.looseObject({ ...codec, kind, preferredPayloadType: payloadType }))
    .max(128)
    .optional(),
  headerExtensions: z
    .array(
      z.looseObject({
        kind,
        uri: extensionUri,
        preferredId: extensionId,
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(128)
    .optional(),
});

export const RtpParametersShape = z.looseObject({
  mid: z.string().max(32).optional(),
  msid: shortText.optional(),
  codecs: z
    .array(z.looseObject({ ...codec, payloadType }))
    .min(1)
    .max(32),
  headerExtensions: z
    .array(
      z.looseObject({
        uri: extensionUri,
        id: extensionId,
        encrypt: z.boolean().optional(),
        parameters: formatParameters.optional(),
      }),
    )
    .max(32)
    .optional(),
  encodings: z
    .array(
      z.looseObject({
        ssrc: uint32.optional(),
        rid: z.string().max(32).optional(),
        codecPayloadType: payloadType.optional(),
        rtx: z.looseObject({ ssrc: uint32 }).optional(),
        dtx: z.boolean().optional(),
        scalabilityMode: z.string().max(32).optional(),
        /** bit/s; mediasoup packs it as an integer. */
        maxBitrate: uint32.optional(),
      }),
    )
    .max(8)
    .optional(),
  rtcp: z
    .looseObject({ cname: shortText.optional(), reducedSize: z.boolean().optional(), mux: z.boolean().optional() })
    .optional(),
});

export const DtlsParametersShape = z.looseObject({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.looseObject({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){19,63}$/i),
      }),
    )
    .min(1)
    .max(8),
});
