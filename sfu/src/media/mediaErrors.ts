import { AppError } from '@cloud-hospital/protocol';
import type { MediaKind, RtpCapabilities, RtpParameters } from '@cloud-hospital/protocol/sfu';
import { errors, ortc } from 'mediasoup';

/**
 * Runs one mediasoup call whose arguments came from a peer and turns mediasoup's refusals into coded errors.
 * Only for such calls: elsewhere a TypeError is our own mistake and must not look like the peer's.
 *
 * @throws AppError BAD_REQUEST for parameters that mediasoup refuses, NOT_FOUND for what closed meanwhile,
 * MEDIA_UNAVAILABLE when the worker is gone
 */
export async function refusingBadParameters<T>(call: () => Promise<T> | T): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw mediaErrorOf(error);
  }
}

/** @throws AppError BAD_REQUEST for capabilities that mediasoup refuses */
export function assertCapabilities(rtpCapabilities: RtpCapabilities): void {
  try {
    // The check fills in defaults in place: on a copy, what was given stays as given.
    ortc.validateAndNormalizeRtpCapabilities(structuredClone(rtpCapabilities));
  } catch (error) {
    throw mediaErrorOf(error);
  }
}

/**
 * mediasoup itself doesn't compare the two: sound announced as a picture would escape what is asked of sound.
 * @throws AppError BAD_REQUEST for codecs of another kind
 */
export function assertKind(kind: MediaKind, { codecs }: RtpParameters): void {
  if (codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`))) return;
  throw new AppError('BAD_REQUEST', { reason: `not ${kind}` });
}

/** Exported for its test. */
export function mediaErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof errors.WorkerClosedError) return new AppError('MEDIA_UNAVAILABLE', undefined, { cause: error });
  if (error instanceof errors.NotFoundError) return new AppError('NOT_FOUND', undefined, { cause: error });
  // What is left is a TypeError or UnsupportedError of the library, or a plain Error with the worker's reason.
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('BAD_REQUEST', { reason: reason.slice(0, 300) }, { cause: error });
}
