import type { Availability, NoPromise } from '@cloud-hospital/protocol/states';
import type { Server } from './situation.ts';

export interface SeenSpecialist {
  readonly availability: Availability;
  readonly availabilityChangedAt: Date | null;
  readonly breakUntil: Date | null;
  /** Of the present call. */
  readonly call: { readonly answeredAt: Date | null } | null;
  readonly lastEndedAt: Date | null;
  /** Today's, in order. */
  readonly sessions: readonly { readonly start: Date; readonly end: Date }[];
}

const MINUTE_MS = 60_000;
/** A session that begins so much later is still one that begins in time. Minutes. */
const LATE_AFTER = 5;
/** A break that lasts so much longer than was said ends nobody knows when. Minutes. */
const BREAK_OVERRUN = 10;
/** Whoever hasn't ended a consultation today isn't writing one up. Minutes. */
const LONG_IDLE = 60;

/**
 * What a specialist's state means for those who wait.
 * @param now by the database's clock
 */
export function presenceOf(specialist: SeenSpecialist, now: Date): Server['state'] | NoPromise {
  const minutesUntil = (instant: Date): number => (instant.getTime() - now.getTime()) / MINUTE_MS;
  const { availability, breakUntil, call, lastEndedAt, sessions } = specialist;
  if (call !== null) {
    return call.answeredAt === null
      ? { kind: 'ringing' }
      : { kind: 'serving', elapsed: -minutesUntil(call.answeredAt) };
  }
  switch (availability) {
    case 'in-call': // The call has ended and its end is just being written.
    case 'available':
      return { kind: 'free', idle: lastEndedAt === null ? LONG_IDLE : Math.max(0, -minutesUntil(lastEndedAt)) };
    case 'break':
      if (breakUntil === null || minutesUntil(breakUntil) < -BREAK_OVERRUN) return 'break';
      return { kind: 'away', back: Math.max(0, minutesUntil(breakUntil)) };
    case 'off': {
      const session = sessions.find(({ end }) => end > now);
      if (session === undefined) return 'off';
      const startsIn = minutesUntil(session.start);
      if (startsIn >= 0) return { kind: 'away', back: startsIn };
      // They were here and went.
      if (specialist.availabilityChangedAt !== null && specialist.availabilityChangedAt > session.start) return 'off';
      return startsIn > -LATE_AFTER ? { kind: 'away', back: 0 } : 'late';
    }
  }
}
