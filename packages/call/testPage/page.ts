import { EncounterId, Face } from '@cloud-hospital/protocol';
import { CallClient, type CallState, SignalClient } from '../src/index.ts';

/**
 * One side of a call without any app around it: what the tests in real browsers drive and look into. Parameters in the
 * address: `face`, `encounter`, and `codec` where one is to be sent whatever this machine would choose.
 */
const parameters = new URLSearchParams(location.search);
const face = Face.parse(parameters.get('face'));
const encounterId = EncounterId.parse(parameters.get('encounter'));
const codec = parameters.get('codec');

/** Every RTCPeerConnection that was made, so that what really happens can be counted. */
const connections: RTCPeerConnection[] = [];
let negotiations = 0;
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
  override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    negotiations += 1;
    return super.setRemoteDescription(description);
  }
};

const signal = new SignalClient({ face });
const call = new CallClient({
  signal,
  encounterId,
  role: face === 'console' ? 'specialist' : face,
  ...(codec === 'VP8' || codec === 'H264' ? { videoCodec: codec } : {}),
});

/** Of the picture that is received now, milliseconds. */
let firstFrameAt: number | null = null;
let lastFrameAt = 0;
let longestGap = 0;
const shown = new Map<string, HTMLVideoElement>();

function watchFrames(video: HTMLVideoElement): void {
  video.requestVideoFrameCallback(() => {
    const now = performance.now();
    firstFrameAt ??= performance.timeOrigin + now;
    if (lastFrameAt > 0) longestGap = Math.max(longestGap, now - lastFrameAt);
    lastFrameAt = now;
    watchFrames(video);
  });
}

call.onState((state) => {
  for (const { consumerId, peerId, source, kind } of state.streams) {
    if (kind !== 'video' || shown.has(consumerId)) continue;
    const video = document.createElement('video');
    // Small, so that all of them are in view: browsers draw nothing that isn't.
    Object.assign(video, { muted: true, autoplay: true, playsInline: true, width: 320 });
    video.srcObject = call.remoteStream(peerId, source);
    document.body.append(video);
    shown.set(consumerId, video);
    watchFrames(video);
  }
});

const framesOf = (video: HTMLVideoElement): number => video.getVideoPlaybackQuality().totalVideoFrames;

/** A counter of getStats(), added up over all connections. */
async function sum(type: string, key: string): Promise<number> {
  let total = 0;
  for (const report of await Promise.all(connections.map((connection) => connection.getStats()))) {
    report.forEach((one: Readonly<Record<string, unknown>>) => {
      if (one['type'] === type) total += Number(one[key] ?? 0);
    });
  }
  return total;
}

/** Of the pictures that are sent (`outbound-rtp`) or received (`inbound-rtp`). */
async function videoCodecs(type: 'outbound-rtp' | 'inbound-rtp'): Promise<string[]> {
  const found = new Set<string>();
  for (const report of await Promise.all(connections.map((connection) => connection.getStats()))) {
    const byId = new Map<unknown, Readonly<Record<string, unknown>>>();
    report.forEach((one: Readonly<Record<string, unknown>>) => byId.set(one['id'], one));
    for (const one of byId.values()) {
      // A stream that has carried nothing yet has no codec.
      const mimeType = byId.get(one['codecId'])?.['mimeType'];
      if (one['type'] === type && one['kind'] === 'video' && typeof mimeType === 'string') found.add(mimeType);
    }
  }
  return [...found];
}

const callPage = {
  signal,
  call,
  state: (): CallState => call.state,
  instanceId: (): Promise<string> => signal.claimInstance(),
  ring: () => call.ring(),
  /** @returns when it was pressed, milliseconds since the epoch */
  answer: (): number => {
    const pressedAt = performance.timeOrigin + performance.now();
    call.ring();
    void call.answer();
    return pressedAt;
  },
  setMicrophone: (on: boolean) => call.setMicrophone(on),
  setCamera: (on: boolean) => call.setCamera(on),
  hangUp: () => call.hangUp(),
  shareScreen: (takesOver: boolean) => call.shareScreen(takesOver),
  stopSharing: () => call.stopSharing(),
  /** What is sent of the own screen; null while none is shared. */
  ownScreen: () => call.localStream('screen')?.getVideoTracks()[0]?.getSettings() ?? null,
  /** As if the browser's own button had ended the sharing. */
  endScreen: (): void => {
    const [track] = call.localStream('screen')?.getVideoTracks() ?? [];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  },
  /** The screen that is received: its lines and columns, and how many frames of it were shown. */
  otherScreen: () => {
    const stream = call.state.streams.find(({ source }) => source === 'screen');
    const video = stream && shown.get(stream.consumerId);
    return video ? { width: video.videoWidth, height: video.videoHeight, frames: framesOf(video) } : null;
  },
  firstFrameAt: () => firstFrameAt,
  lastFrameAt: () => lastFrameAt,
  /** @returns the longest time without a frame since the last call of this function, milliseconds */
  takeLongestGap: (): number => {
    const gap = Math.max(longestGap, performance.now() - lastFrameAt);
    longestGap = 0;
    return gap;
  },
  packetsSent: () => sum('outbound-rtp', 'packetsSent'),
  estimate: () => sum('candidate-pair', 'availableOutgoingBitrate'),
  videoCodecs,
  negotiations: () => negotiations,
  /** As if the camera had been pulled out: the browser ends its track by itself. */
  unplugCamera: (): void => {
    const [track] = call.localStream('camera')?.getVideoTracks() ?? [];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  },
};
Object.assign(globalThis, { callPage });

signal.connect();
call.start();
