/** What really flows through a page's peer connections, as the browser counts it. */
export interface MediaReport {
  readonly receives: {
    readonly audio: readonly ReceivedAudio[];
    readonly video: readonly ReceivedVideo[];
  };
  readonly sends: {
    readonly audio: readonly SentAudio[];
    /** One a simulcast layer. */
    readonly video: readonly SentVideo[];
  };
  /** `udp` or `tcp`, of the selected candidate pairs. */
  readonly protocols: readonly string[];
  /** Every path leads through a TURN relay. */
  readonly relayed: boolean;
  readonly roundTripMs: number | null;
}

interface Received {
  /** Names the stream: one that is received anew counts from zero. */
  readonly ssrc: number;
  readonly codec: string;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesReceived: number;
  readonly jitterMs: number;
}
export interface ReceivedAudio extends Received {
  /** Sum of (sample ÷ full scale)² × duration, seconds; with `seconds` it gives the level over any time. */
  readonly energy: number;
  readonly seconds: number;
  readonly concealedSamples: number;
}
export interface ReceivedVideo extends Received {
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly framesPerSecond: number;
  readonly width: number;
  readonly height: number;
  readonly freezes: number;
  readonly keyFrames: number;
}
export interface SentAudio {
  readonly codec: string;
  readonly packetsSent: number;
  readonly bytesSent: number;
}
export interface SentVideo extends SentAudio {
  readonly rid: string;
  readonly active: boolean;
  readonly framesEncoded: number;
  readonly framesPerSecond: number;
  readonly width: number;
  readonly height: number;
  readonly encoder: string;
  readonly limitedBy: string;
}

/** Moments of a call, milliseconds since the epoch, by the clock that all browsers of one machine share. */
export type CallMoment =
  /** The specialist pressed "call next". */
  | 'pressed'
  /** Its request left the page, and its answer began to arrive. */
  | 'asked'
  | 'ring-committed'
  /** The terminal's page was handed the message. */
  | 'ring-heard'
  /** The terminal painted that it rings. */
  | 'ringing-shown'
  /** Somebody touched "answer". */
  | 'answered'
  /** The first picture of the other side was presented. */
  | 'first-frame';
export type CallMoments = { readonly [Moment in CallMoment]?: number };

/** Level of the sound between two reports, root mean square, 0–1; null when none was played in between. */
export function audioLevelBetween(before: MediaReport, after: MediaReport): number | null {
  const [earlier, later] = [before, after].map(({ receives }) => ({
    energy: receives.audio.reduce((sum, { energy }) => sum + energy, 0),
    seconds: receives.audio.reduce((sum, { seconds }) => sum + seconds, 0),
  }));
  if (earlier === undefined || later === undefined || later.seconds <= earlier.seconds) return null;
  return Math.sqrt(Math.max(0, later.energy - earlier.energy) / (later.seconds - earlier.seconds));
}

export const framesDecoded = ({ receives }: MediaReport): number =>
  receives.video.reduce((sum, video) => sum + video.framesDecoded, 0);
