import type { PromiseKind } from '@cloud-hospital/protocol/states';

/** The newest promise of an entry, and which kinds it had. */
export interface Made {
  readonly kind: PromiseKind;
  readonly madeAt: Date;
  readonly from: Date;
  readonly to: Date;
  readonly broken: boolean;
}

/** What is to be done about the promises of somebody who waits. */
export interface Step {
  /** The newest promise doesn't hold. */
  readonly break: boolean;
  /** A promise to be made from the time expected now. */
  readonly make: PromiseKind | null;
}

const MINUTE_MS = 60_000;
/** A promise is said in whole minutes: this long after its end it is over. */
const OVER_AFTER_MS = MINUTE_MS;
/** A time that moves back by more than this is told at once and not when it is over. */
const MOVED_MS = 10 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Whether the promise's end has passed. */
export const isOver = (to: Date, now: Date): boolean => now.getTime() > to.getTime() + OVER_AFTER_MS;

/**
 * A promise breaks when its end passes without a call, or when the time now expected ends more than ten minutes later.
 * Nobody rewrites it: the new time is a promise of its own. A first promise of a time farther than an hour away is
 * followed by another one when it is an hour ahead, which is what accuracy is measured by.
 *
 * @param newest of the entry; null: none yet
 * @param expected null while there is no honest estimate
 */
export function nextStep(newest: Made | null, expected: { from: Date; to: Date } | null, now: Date): Step {
  if (newest === null) return { break: false, make: expected === null ? null : 'first' };
  if (newest.broken) return { break: false, make: expected === null ? null : 'renewed' };
  const moved = expected !== null && expected.to.getTime() > newest.to.getTime() + MOVED_MS;
  if (moved || isOver(newest.to, now)) return { break: true, make: expected === null ? null : 'renewed' };
  const wasFar = newest.kind === 'first' && newest.from.getTime() - newest.madeAt.getTime() > HOUR_MS;
  const isNear = expected !== null && expected.from.getTime() - now.getTime() <= HOUR_MS;
  return { break: false, make: wasFar && isNear ? 'hour-ahead' : null };
}
