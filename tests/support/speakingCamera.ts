import type { RtpParameters, TransportParameters } from '@cloud-hospital/protocol/sfu';
import { firstOf, opusParameters } from '../media/support.ts';
import { MediaTransport } from './MediaTransport.ts';
import { TestSignal } from './TestSignal.ts';

const OPUS_PAYLOAD_TYPE = 111;
const VP8_PAYLOAD_TYPE = 96;
let lastSsrc = 900_000;

interface Sender {
  readonly connect: Parameters<typeof MediaTransport.connect>[1];
  readonly produce: (
    kind: 'audio' | 'video',
    source: 'microphone' | 'camera',
    rtpParameters: RtpParameters,
  ) => Promise<unknown>;
}

interface Switch {
  readonly off: () => Promise<void>;
  /** How much later than its sound a picture is sent. Milliseconds. */
  readonly skewMs: () => number;
}

/** A camera and a microphone, in step, over real ICE, DTLS and SRTP. */
export async function showAndSpeak(transport: TransportParameters, sender: Sender): Promise<Switch> {
  const sending = await MediaTransport.connect(transport, sender.connect);
  const audio = opusParameters();
  lastSsrc += 1;
  const ssrc = { audio: firstOf(audio.encodings ?? []).ssrc ?? 0, video: lastSsrc };
  await sender.produce('audio', 'microphone', audio);
  await sender.produce('video', 'camera', {
    mid: `v${ssrc.video}`,
    codecs: [{ mimeType: 'video/VP8', payloadType: VP8_PAYLOAD_TYPE, clockRate: 90_000 }],
    encodings: [{ ssrc: ssrc.video }],
    rtcp: { cname: `camera-${ssrc.video}` },
  });
  const payloadType = { audio: OPUS_PAYLOAD_TYPE, video: VP8_PAYLOAD_TYPE };
  const signal = await TestSignal.start((kind, packet) => {
    sending.forward(packet, { ssrc: ssrc[kind], payloadType: payloadType[kind] }).catch((error: unknown) => {
      // Packets of the last instant find the transport closed.
      sending.failures.push(error);
    });
  });
  return {
    skewMs: () => signal.skewMs,
    off: async () => {
      await signal.stop();
      await sending.close();
    },
  };
}
