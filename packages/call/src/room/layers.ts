/** How many simulcast layers move at first, from the lowest, and for how long, milliseconds. */
export interface Beginning {
  readonly layers: number;
  readonly forMs: number;
}

/**
 * After a start. The browser's first bandwidth estimate carries no more; higher layers that flare up for some frames would
 * be chosen by the media node, which then waits a second for a key frame that never comes. And encoding one small picture
 * gets the first frame out sooner.
 */
export const AT_START: Beginning = { layers: 1, forMs: 1_000 };

/**
 * When slides are over. A probe that has just shown a line to be wide says too much: the highest layer flared up for a
 * second, and the media node, which had risen to it, stayed on the lowest one for the ten seconds that it gives a fallen
 * estimate. A layer that has moved for eight it goes back to at once.
 */
export const AFTER_SLIDES: Beginning = { layers: 2, forMs: 9_000 };

/** `stills`, on a thin line: a picture is a slide of whole ones, and the voice beside it takes fewer bits. */
export type Motion = 'moving' | 'stills';

/** What a sender is to send of its picture. */
export interface Shape {
  readonly motion: Motion;
  /** What a slide may take, bit/s. */
  readonly slideBitrate: number;
}

/** What a slide may take on a line of which nothing better is known, and on any, bit/s. */
const LEAST_SLIDE_BITRATE = 150_000;
const MOST_SLIDE_BITRATE = 1_200_000;

/**
 * A browser tries out no more than twice what its senders may take. Slides that may take more than the line is known to
 * carry let it find out, by probes of some packets, that a line has recovered, before anything moves.
 * @param uplink the browser's estimate, bit/s; null: none yet
 * @returns in steps of two, so that a wavering estimate doesn't set it anew each second
 */
export function slideBitrate(uplink: number | null): number {
  let bitrate = LEAST_SLIDE_BITRATE;
  while (bitrate < Math.min(MOST_SLIDE_BITRATE, 1.5 * (uplink ?? 0))) bitrate *= 2;
  return bitrate;
}

/**
 * Switches simulcast layers on and off, and what the lowest one carries, without renegotiation. A slide travels whole on
 * the lowest layer, so that no receiver has to change layers for it.
 * @param lowest what the lowest layer was negotiated with
 * @param count how many to send, from the lowest
 */
export async function setLayers(
  sender: RTCRtpSender,
  lowest: Pick<RTCRtpEncodingParameters, 'scaleResolutionDownBy' | 'maxBitrate'>,
  { motion, slideBitrate }: Shape,
  count: number,
): Promise<void> {
  const parameters = sender.getParameters();
  if (parameters.encodings.length < 2) return;
  const isSlide = motion === 'stills';
  for (const [index, encoding] of parameters.encodings.entries()) {
    encoding.active = index < (isSlide ? 1 : count);
    if (index > 0) continue;
    Object.assign(encoding, isSlide ? { scaleResolutionDownBy: 1, maxBitrate: slideBitrate } : lowest);
  }
  parameters.degradationPreference = isSlide ? 'maintain-resolution' : 'balanced';
  await sender.setParameters(parameters);
}

/**
 * On a thin line Opus speaks with fewer bits, of which it needs 16 to 20 kbit/s for wide-band speech (RFC 6716 §2.1.1);
 * headers take 12 more at 25 packets a second. bit/s.
 */
const THIN_VOICE_BITRATE = 18_000;

export async function setVoice(sender: RTCRtpSender, maxBitrate: number | undefined, motion: Motion): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (encoding === undefined) return;
  const most = motion === 'stills' ? THIN_VOICE_BITRATE : maxBitrate;
  if (most !== undefined) encoding.maxBitrate = most;
  await sender.setParameters(parameters);
}

/** A shared screen: whatever the line carries, it loses frames and never lines. A slide takes no more than a camera's. */
export async function keepLines(
  sender: RTCRtpSender,
  maxBitrate: number | undefined,
  { motion, slideBitrate }: Shape,
): Promise<void> {
  const parameters = sender.getParameters();
  parameters.degradationPreference = 'maintain-resolution';
  const [encoding] = parameters.encodings;
  const most = motion === 'stills' ? slideBitrate : maxBitrate;
  if (encoding !== undefined && most !== undefined) encoding.maxBitrate = most;
  await sender.setParameters(parameters);
}
