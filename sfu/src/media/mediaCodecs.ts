import type { types as mediasoup } from 'mediasoup';

/** A lost key frame request costs one such interval; without it every newcomer could make a camera spend its uplink on key frames. Milliseconds. */
export const KEY_FRAME_REQUEST_DELAY_MS = 500;

/**
 * What a Router offers. The order is the browsers' preference: VP8 first, because every browser encodes it in
 * simulcast; H264 for devices with a hardware encoder only; VP9 and AV1 for those that ask for them.
 * Opus carries in-band FEC (RFC 7587 §3.1.6) so that a lost packet is repaired from the next one; DTX is each client's own choice.
 */
export const mediaCodecs: mediasoup.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { minptime: 10, useinbandfec: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    // Constrained baseline 3.1.
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    // Main 5.0.
    parameters: { 'packetization-mode': 1, 'profile-level-id': '4d0032', 'level-asymmetry-allowed': 1 },
  },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000 },
];

/** Seconds without a STUN consent check until ICE counts as disconnected; 10 is the least that mediasoup allows. */
export const ICE_CONSENT_TIMEOUT_S = 10;

/** Levels are for an indicator beside a name, not for metering: 400 ms feels immediate. dBov and milliseconds. */
export const AUDIO_LEVEL_OBSERVER = { maxEntries: 8, threshold: -70, interval: 400 } as const;

/** How often it is decided who is speaking. Who coughs isn't: a change takes about a second of speech. Milliseconds. */
export const SPEAKER_OBSERVER = { interval: 300 } as const;

/** Microphone, camera, examination camera and screen, each once more while it is being replaced. */
export const MAX_PRODUCERS_PER_PEER = 8;
