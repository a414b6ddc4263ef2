import type { VideoCodec } from './encodings.ts';

/** Of the camera's highest layer, as it is asked for in `CAMERA_CONSTRAINTS`. */
const PICTURE = { width: 1280, height: 720, framerate: 24, bitrate: 1_500_000 };

/** What a browser says of its encoders (Media Capabilities, W3C): `powerEfficient` means in hardware. */
export type Encoders = Pick<MediaCapabilities, 'encodingInfo'>;

/**
 * VP8 by default: every browser encodes it in simulcast, and small layers cost little. H.264 where this machine encodes
 * it in hardware and VP8 only in software: the clinic's PC keeps its processor for the picture it receives.
 */
export async function chooseVideoCodec(
  encoders: Encoders | undefined = globalThis.navigator.mediaCapabilities,
): Promise<VideoCodec> {
  // Not in every browser, and none must wait for it or fail because of it.
  if (encoders === undefined) return 'VP8';
  const inHardware = async (contentType: string): Promise<boolean> => {
    try {
      const { supported, powerEfficient } = await encoders.encodingInfo({
        type: 'webrtc',
        video: { contentType, ...PICTURE },
      });
      return supported && powerEfficient;
    } catch {
      // A browser that doesn't know the question (TypeError) says nothing of its hardware.
      return false;
    }
  };
  const [h264, vp8] = await Promise.all([inHardware('video/H264'), inHardware('video/VP8')]);
  return h264 && !vp8 ? 'H264' : 'VP8';
}
