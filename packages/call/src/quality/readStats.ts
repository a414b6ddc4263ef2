/**
 * The counters we use out of getStats() of both transports, added up. Names and units: W3C "Identifiers for WebRTC's
 * Statistics API"; times in seconds there, kept in seconds here.
 */
export interface StatsTotals {
  /** Milliseconds, any monotonic clock. */
  readonly at: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsSent: number;
  /** Whatever came back on the sending transport: RTCP of the media node, several times a second while we send. */
  readonly feedbackBytes: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /**
   * Lost ÷ sent as the media node reports it for our own streams, 0–1: the worst picture's. A voice counts only alone: for
   * one with FEC mediasoup reports what its worst listener loses where that is more, which says nothing of our line.
   */
  readonly remoteFractionLost: number;
  readonly framesEncoded: number;
  readonly framesDecoded: number;
  readonly freezes: number;
  readonly freezeSeconds: number;
  readonly concealedSamples: number;
  readonly samplesReceived: number;
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmitted: number;
  readonly roundTripSeconds: number | null;
  readonly jitterSeconds: number | null;
  readonly availableOutgoingBitrate: number | null;
  /** Video is being sent at all, screens included. */
  readonly sendsVideo: boolean;
  /** A camera is being sent. */
  readonly sendsMotion: boolean;
  /** Lines of the largest picture that is sent, and received. */
  readonly sendHeight: number | null;
  readonly receiveHeight: number | null;
  readonly receivesVideo: boolean;
}

type Entry = Readonly<Record<string, unknown>>;

const numberOf = (entry: Entry, key: string): number => {
  const value = entry[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};
const optional = (entry: Entry, key: string): number | null =>
  typeof entry[key] === 'number' ? numberOf(entry, key) : null;
const sum = (entries: readonly Entry[], key: string): number =>
  entries.reduce((total, entry) => total + numberOf(entry, key), 0);
const largest = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((top, value) => (value !== null && (top === null || value > top) ? value : top), null);

/** Media line ids of shared screens, of the sending and of the receiving transport. */
export interface ScreenLines {
  readonly sent: ReadonlySet<string>;
  readonly received: ReadonlySet<string>;
}

const NO_SCREENS: ScreenLines = { sent: new Set(), received: new Set() };

/**
 * A screen on which nothing moves has few frames: it says nothing of the line, so that frames and freezes are those of
 * cameras.
 * @param sent entries of getStats() of the sending transport, `received` of the receiving one
 */
export function readStats(
  at: number,
  sent: Iterable<Entry>,
  received: Iterable<Entry>,
  screens: ScreenLines = NO_SCREENS,
): StatsTotals {
  const out = [...sent];
  const into = [...received];
  const pairs = (entries: readonly Entry[]) =>
    entries.filter((one) => one.type === 'candidate-pair' && one.nominated === true);
  const outbound = out.filter((one) => one.type === 'outbound-rtp');
  const inbound = into.filter((one) => one.type === 'inbound-rtp');
  const remote = out.filter((one) => one.type === 'remote-inbound-rtp');
  const lossOf = (kind: string): number | null =>
    largest(remote.filter((one) => one.kind === kind).map((one) => optional(one, 'fractionLost')));
  const audio = inbound.filter((one) => one.kind === 'audio');
  const isOf = (lines: ReadonlySet<string>, one: Entry) => typeof one.mid === 'string' && lines.has(one.mid);
  const video = inbound.filter((one) => one.kind === 'video' && !isOf(screens.received, one));
  const allSentVideo = outbound.filter((one) => one.kind === 'video');
  const sentVideo = allSentVideo.filter((one) => !isOf(screens.sent, one));
  // Comfort noise during DTX is "concealed" too, but silent: it isn't heard as a fault.
  const concealed = sum(audio, 'concealedSamples') - sum(audio, 'silentConcealedSamples');
  return {
    at,
    bytesSent: sum(outbound, 'bytesSent'),
    bytesReceived: sum(pairs(into), 'bytesReceived'),
    packetsSent: sum(outbound, 'packetsSent'),
    feedbackBytes: sum(pairs(out), 'bytesReceived'),
    packetsReceived: sum(inbound, 'packetsReceived'),
    packetsLost: sum(inbound, 'packetsLost'),
    remoteFractionLost: lossOf('video') ?? lossOf('audio') ?? 0,
    // Of simulcast layers the busiest counts: the others may be switched off.
    framesEncoded: largest(sentVideo.map((one) => optional(one, 'framesEncoded'))) ?? 0,
    sendsMotion: sentVideo.some((one) => one.active !== false),
    framesDecoded: largest(video.map((one) => optional(one, 'framesDecoded'))) ?? 0,
    freezes: sum(video, 'freezeCount'),
    freezeSeconds: sum(video, 'totalFreezesDuration'),
    concealedSamples: Math.max(0, concealed),
    samplesReceived: sum(audio, 'totalSamplesReceived'),
    jitterBufferDelay: sum(audio, 'jitterBufferDelay'),
    jitterBufferEmitted: sum(audio, 'jitterBufferEmittedCount'),
    roundTripSeconds: largest([...pairs(out), ...pairs(into)].map((one) => optional(one, 'currentRoundTripTime'))),
    jitterSeconds: largest(audio.map((one) => optional(one, 'jitter'))),
    availableOutgoingBitrate: largest(pairs(out).map((one) => optional(one, 'availableOutgoingBitrate'))),
    sendsVideo: allSentVideo.some((one) => one.active !== false),
    receivesVideo: video.length > 0,
    sendHeight: largest(sentVideo.filter((one) => one.active !== false).map((one) => optional(one, 'frameHeight'))),
    receiveHeight: largest(video.map((one) => optional(one, 'frameHeight'))),
  };
}
