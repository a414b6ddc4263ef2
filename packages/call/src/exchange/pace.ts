/**
 * How large the next part may be, and how long to wait before it, so that a call beside the upload keeps its sound: a
 * part stands before the audio's packets in the line's queue for as long as it takes to send. On 100 kbit/s 2 KB are
 * 160 ms, which the receiver's jitter buffer bridges; half of the time the line is left alone.
 */
export interface Pace {
  /** Of the next part, bytes. */
  readonly chunkBytes: number;
  /** Before the next part, milliseconds. */
  readonly pauseMs: number;
  /** The quickest answer so far: the way there and back, without what was sent. */
  readonly roundTripMs: number;
}

const MIN_CHUNK_BYTES = 2 * 1024;
const MAX_CHUNK_BYTES = 1024 * 1024;
const QUICK_MS = 80;
const SLOW_MS = 250;

export const INITIAL_PACE: Pace = { chunkBytes: 8 * 1024, pauseMs: 0, roundTripMs: Number.POSITIVE_INFINITY };

/** @param answered how long a request took and how many bytes it carried */
export function nextPace(pace: Pace, answered: { readonly bytes: number; readonly tookMs: number }): Pace {
  const roundTripMs = Math.min(pace.roundTripMs, answered.tookMs);
  const sendingMs = answered.tookMs - roundTripMs;
  // Whatever is sent below that is as quick as anything: no call notices it.
  const pauseMs = sendingMs > QUICK_MS ? sendingMs : 0;
  // A last, short part says nothing about a long one.
  if (answered.bytes < pace.chunkBytes && sendingMs <= SLOW_MS) return { ...pace, roundTripMs, pauseMs };
  const chunkBytes =
    sendingMs > SLOW_MS
      ? Math.max(MIN_CHUNK_BYTES, Math.floor(pace.chunkBytes / 2))
      : sendingMs < QUICK_MS
        ? Math.min(MAX_CHUNK_BYTES, pace.chunkBytes * 2)
        : pace.chunkBytes;
  return { chunkBytes, pauseMs, roundTripMs };
}
