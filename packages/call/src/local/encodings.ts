import type { MediaKind, MediaSource } from '@cloud-hospital/protocol/socket';
import type { types } from 'mediasoup-client';

/** VP8 has simulcast everywhere and costs the terminal's processor least; H.264 is for hardware that encodes it. */
export type VideoCodec = 'VP8' | 'H264';

export interface ProduceSettings {
  readonly encodings: types.RtpEncodingParameters[];
  readonly codecOptions: types.ProducerCodecOptions;
}

/** What is asked of a camera. 24 frames/s: skin and gait need detail more than smoothness. */
export const CAMERA_CONSTRAINTS: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 24, max: 30 },
};

export const MICROPHONE_CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};

/**
 * Opus, mono, with in-band FEC, DTX and NACK. 32 kbit/s is where Opus speech is full-band and FEC still has room
 * (RFC 7587 §3.1.1 recommends 28–40 kbit/s for full-band speech). Packets of 40 ms: the headers of 50 a second take
 * 23 kbit/s, which a line of 50 kbit/s doesn't have.
 */
const MICROPHONE: ProduceSettings = {
  encodings: [{ maxBitrate: 40_000, priority: 'high', networkPriority: 'high', adaptivePtime: false }],
  codecOptions: {
    opusStereo: false,
    opusFec: true,
    opusDtx: true,
    opusNack: true,
    opusMaxPlaybackRate: 48_000,
    opusMaxAverageBitrate: 32_000,
    opusPtime: 40,
  },
};

/**
 * Three layers of a 720p camera: 180p for bad links and thumbnails, 360p for the console's column, 720p to judge by.
 * Bit/s per layer; the browser starts at its default estimate of 300 kbit/s, so the lowest layer is up at once.
 * Two temporal layers each: the media node takes the next size before it takes all frames of it, and the lowest of three
 * would be a quarter of them, 4 to 6 a second.
 */
const layer = (scaleResolutionDownBy: number, maxBitrate: number): types.RtpEncodingParameters => ({
  scaleResolutionDownBy,
  maxBitrate,
  scalabilityMode: 'L1T2',
  priority: 'low',
  networkPriority: 'low',
});
const CAMERA: ProduceSettings = {
  encodings: [layer(4, 150_000), layer(2, 500_000), layer(1, 1_500_000)],
  codecOptions: {},
};

/**
 * What is looked at closely: the same layers, and of what the uplink carries twice the face's share. The first encoding
 * speaks for the sender: Chromium refuses a priority on any other.
 */
const EXAMINATION: ProduceSettings = {
  ...CAMERA,
  encodings: CAMERA.encodings.map((one, index) => (index === 0 ? { ...one, priority: 'medium' } : one)),
};

/** What is asked of a shared screen: all of its lines, few frames. */
export const SCREEN_CONSTRAINTS: MediaTrackConstraints = { frameRate: { ideal: 8, max: 15 } };

/**
 * Text must be sharp: one picture of full size. Its frames come in three temporal layers, of which the media node gives
 * a weak receiver fewer, never fewer lines.
 */
const SCREEN: ProduceSettings = {
  encodings: [
    { maxBitrate: 1_500_000, maxFramerate: 8, scalabilityMode: 'L1T3', priority: 'low', networkPriority: 'low' },
  ],
  codecOptions: {},
};

/** Fresh objects each time: mediasoup-client writes `rid` into the encodings it is given. */
export function produceSettings(source: MediaSource): ProduceSettings {
  return structuredClone(SETTINGS[source]);
}

const SETTINGS: { readonly [Source in MediaSource]: ProduceSettings } = {
  microphone: MICROPHONE,
  camera: CAMERA,
  examination: EXAMINATION,
  screen: SCREEN,
};

export const kindOf = (source: MediaSource): MediaKind => (source === 'microphone' ? 'audio' : 'video');
