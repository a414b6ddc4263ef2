import type { RtpParameters, TransportParameters } from '@cloud-hospital/protocol/sfu';
import { firstOf, opusParameters } from '../media/support.ts';
import { MediaTransport } from './MediaTransport.ts';
import { type PictureCodec, TestSignal } from './TestSignal.ts';

const OPUS_PAYLOAD_TYPE = 111;
const PICTURES = {
  VP8: { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 },
  H264: {
    mimeType: 'video/H264',
    payloadType: 98,
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
} as const;
let lastSsrc = 900_000;

interface Sender {
  readonly connect: Parameters<typeof MediaTransport.connect>[1];
  readonly produce: (
    kind: 'audio' | 'video',
    source: 'microphone' | 'camera',
    rtpParameters: RtpParameters,
  ) => Promise<unknown>;
  /** VP8 where nothing is said. */
  readonly codec?: PictureCodec;
}

interface Switch {
  readonly off: () => Promise<void>;
  /** How much later than its sound a picture is sent. Milliseconds. */
  readonly skewMs: () => number;
}

/** A camera and a microphone, in step, over real ICE, DTLS and SRTP. */
export async function showAndSpeak(transport: TransportParameters, sender: Sender): Promise<Switch> {
  const sending = await MediaTransport.connect(transport, sender.connect);
  const picture = PICTURES[sender.codec ?? 'VP8'];
  const audio = opusParameters();
  lastSsrc += 1;
  const ssrc = { audio: firstOf(audio.encodings ?? []).ssrc ?? 0, video: lastSsrc };
  await sender.produce('audio', 'microphone', audio);
  await sender.produce('video', 'camera', {
    mid: `v${ssrc.video}`,
    codecs: [picture],
    encodings: [{ ssrc: ssrc.video }],
    rtcp: { cname: `camera-${ssrc.video}` },
  });
  const payloadType = { audio: OPUS_PAYLOAD_TYPE, video: picture.payloadType };
  const signal = await TestSignal.start((kind, packet) => {
    sending.forward(packet, { ssrc: ssrc[kind], payloadType: payloadType[kind] }).catch((error: unknown) => {
      // Packets of the last instant find the transport closed.
      sending.failures.push(error);
    });
  }, sender.codec);
  return {
    skewMs: () => signal.skewMs,
    off: async () => {
      await signal.stop();
      await sending.close();
    },
  };
}
