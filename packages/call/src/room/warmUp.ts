import type { types } from 'mediasoup-client';

/** Not a mid that mediasoup gives to Consumers (those are numbers). */
const WARM_MID = 'warm';

/**
 * RTP parameters of a Consumer that exists in the browser only. mediasoup-client connects a receiving transport with
 * its first `consume()`; while parked there is nothing to consume, so it is given this: one audio section on which
 * nothing ever arrives. It stays for the transport's life: closing it would cost a renegotiation just when the
 * real consumers come, and an empty section costs nothing.
 * @throws TypeError when the device can't receive audio, which every browser with WebRTC can
 */
export function warmUpRtpParameters(capabilities: types.RtpCapabilities): types.RtpParameters {
  const codec = capabilities.codecs?.find((one) => one.kind === 'audio');
  if (codec?.preferredPayloadType === undefined) throw new TypeError('no audio codec');
  return {
    mid: WARM_MID,
    codecs: [
      {
        mimeType: codec.mimeType,
        payloadType: codec.preferredPayloadType,
        clockRate: codec.clockRate,
        ...(codec.channels === undefined ? {} : { channels: codec.channels }),
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: (capabilities.headerExtensions ?? [])
      .filter((extension) => extension.kind === 'audio' && extension.direction !== 'sendonly')
      .map((extension) => ({ uri: extension.uri, id: extension.preferredId, encrypt: false, parameters: {} })),
    // Any SSRC that mediasoup won't choose; its own are random and nine digits long.
    encodings: [{ ssrc: 1 }],
    rtcp: { cname: WARM_MID, reducedSize: true, mux: true },
  };
}
