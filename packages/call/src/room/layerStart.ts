/**
 * How long only the lowest layer is sent after a start, milliseconds. The browser's first bandwidth estimate carries
 * no more; higher layers that flare up for some frames would be chosen by the media node, which then waits a second
 * for a key frame that never comes. And encoding one small picture gets the first frame out sooner.
 */
export const LOWEST_ONLY_MS = 1_000;

/**
 * Switches simulcast layers on and off without renegotiation.
 * @param count how many to send, from the lowest
 */
export async function limitLayers(sender: RTCRtpSender, count: number): Promise<void> {
  const parameters = sender.getParameters();
  if (parameters.encodings.length < 2) return;
  for (const [index, encoding] of parameters.encodings.entries()) encoding.active = index < count;
  await sender.setParameters(parameters);
}
