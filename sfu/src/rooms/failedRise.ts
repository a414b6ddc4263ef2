/** Of one Consumer's spatial layer, and what it may have. A pure rule; times in milliseconds, monotonic. */
export interface Rises {
  /** `null`: none flows. */
  readonly layer: number | null;
  /** When it rose to that layer; `null`: it fell to it, or began there. */
  readonly roseAt: number | null;
  /** The highest layer that may be tried; `null`: any. */
  readonly ceiling: number | null;
  /** How long that holds since it was set. */
  readonly holdMs: number;
}

export const NO_RISES: Rises = { layer: null, roseAt: null, ceiling: null, holdMs: 0 };

/** A layer that the line doesn't carry shows it by then: the queue before it fills, packets are lost, the estimate falls. */
const FAILS_WITHIN_MS = 10_000;
/** Until it is tried again: twice as long after each time in a row. */
const FIRST_HOLD_MS = 30_000;
const LONGEST_HOLD_MS = 300_000;

/**
 * mediasoup tries the next layer whenever its estimate allows it, and the estimate rises for as long as nothing is lost. On
 * a line that doesn't carry that layer this came again every 20 to 26 s (measured at 1 Mbit/s), and cost some seconds of
 * picture and 5 to 15 % of the voice in them. What failed is left alone for a while.
 */
export function afterLayer(state: Rises, layer: number | null, at: number): Rises {
  const { layer: before, roseAt } = state;
  if (layer === null || before === null) return { ...state, layer, roseAt: null };
  if (layer > before) return { ...state, layer, roseAt: at };
  if (layer === before) return state;
  const fallen = { ...state, layer, roseAt: null };
  if (roseAt === null) return fallen;
  if (at - roseAt >= FAILS_WITHIN_MS) return { ...fallen, holdMs: 0 };
  const holdMs = Math.min(LONGEST_HOLD_MS, Math.max(FIRST_HOLD_MS, 2 * state.holdMs));
  return { ...fallen, ceiling: before - 1, holdMs };
}

/** The receiver wishes for no more than that: a fall to it is no failure. */
export const afterWish = (state: Rises, wished: number): Rises =>
  state.layer !== null && wished < state.layer ? { ...state, roseAt: null } : state;
