/** A specialist's own pace, minutes. */
export interface Pace {
  /** Median length of a consultation. */
  readonly typical: number;
  /** Robust standard deviation of one consultation. */
  readonly spread: number;
}

/** Until a specialist has this many consultations behind them, the usual pace is assumed. */
const MIN_SAMPLES = 5;
const USUAL: Pace = { typical: 12, spread: 5 };
/** Between two consultations: writing, calling, the next one sits down. Minutes. */
const CHANGEOVER = 1.5;
/** Nobody is that regular. Minutes. */
const MIN_SPREAD = 2;
/** A consultation that runs over is assumed to take at least this much longer. Minutes. */
const MIN_REMAINING = 2;
const MINUTE_MS = 60_000;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * Median and scaled median absolute deviation (1.4826 × MAD estimates the standard deviation of a normal
 * distribution), so that one consultation somebody forgot to close doesn't move the promise.
 * @param minutes lengths of this specialist's latest consultations
 */
export function paceOf(minutes: readonly number[]): Pace {
  if (minutes.length < MIN_SAMPLES) return USUAL;
  const typical = median(minutes);
  const deviations = minutes.map((value) => Math.abs(value - typical));
  return { typical, spread: Math.max(MIN_SPREAD, 1.4826 * median(deviations)) };
}

export interface QueueSituation {
  readonly now: Date;
  /** Null: unknown when the specialist is back. */
  readonly backAt: Date | null;
  /** When the present call was answered; `now` while it still rings; null when there is none. */
  readonly servingSince: Date | null;
  readonly pace: Pace;
}

/**
 * When the k-th waiting person will probably be called:
 *
 *     t(k) = start + remaining + (k − 1) · (typical + changeover)
 *
 * with start = now or the end of the break, remaining = what the present consultation still needs, and an error of
 * ± spread · √(number of consultations before), since their lengths are independent. Who is scheduled but has not
 * checked in yet is not in the sum: whoever waits behind them may wait longer.
 *
 * @param place 1 is next
 * @returns null while there is no honest estimate
 */
export function expectedTime(place: number, situation: QueueSituation): { from: Date; to: Date } | null {
  const { now, backAt, servingSince, pace } = situation;
  if (backAt === null) return null;
  const start = Math.max(now.getTime(), backAt.getTime());
  const remaining =
    servingSince === null
      ? 0
      : Math.max(MIN_REMAINING, pace.typical - (now.getTime() - servingSince.getTime()) / MINUTE_MS) + CHANGEOVER;
  const middle = remaining + (place - 1) * (pace.typical + CHANGEOVER);
  const before = place - 1 + (servingSince === null ? 0 : 1);
  const error = pace.spread * Math.sqrt(before) + 1;
  const toMinute = (minutes: number): Date =>
    new Date(Math.round((start + Math.max(0, minutes) * MINUTE_MS) / MINUTE_MS) * MINUTE_MS);
  return { from: toMinute(middle - error), to: toMinute(middle + error) };
}
