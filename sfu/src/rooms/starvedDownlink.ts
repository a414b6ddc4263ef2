/** Counters of a receiving transport, once a second or two. */
export interface DownlinkSample {
  /** From the peer: its RTCP. */
  readonly bytesReceived: number;
  readonly rtpBytesSent: number;
  /** mediasoup's mean over the last 24 transport feedbacks, 0–1. */
  readonly packetLoss: number;
}

/** In a sample; voices alone are less. Bytes. */
const PICTURES = 20_000;

/** A line that is falling apart loses that much before nothing comes any more; it was a quarter to two thirds. 0–1. */
const FALLS_APART = 0.1;

/**
 * Pictures are sent that don't arrive at all. A line whose rate falls to a twentieth drops every large packet, while a
 * voice's small ones squeeze through. Only pictures are counted by transport feedback, so that none comes any more, and
 * without feedback the estimate stays where it was: several times what the line carries, for as long as it lasts.
 * The mean moves with each feedback that tells of a loss.
 */
export const isStarved = (before: DownlinkSample, now: DownlinkSample): boolean =>
  now.bytesReceived > before.bytesReceived &&
  now.rtpBytesSent - before.rtpBytesSent > PICTURES &&
  now.packetLoss > FALLS_APART &&
  now.packetLoss === before.packetLoss;
