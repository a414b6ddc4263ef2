import type { Appointment } from '@cloud-hospital/protocol/rest';

/** The one thing the home page shows big. */
export type NextThing =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'visit' | 'hold' | 'booked'; readonly appointment: Appointment };

const byStart = (a: Appointment, b: Appointment) => Date.parse(a.start) - Date.parse(b.start);
/** A booked time that passed without check-in stays in sight: the clinic may still take the person. */
const GRACE_MS = 2 * 60 * 60 * 1000;

/** Its time went out of the schedule: shown by itself, as a question, until somebody answers. */
export const needsAnswer = ({ status, scheduleChange }: Appointment): boolean =>
  status === 'booked' && scheduleChange !== null;

/**
 * A visit under way comes before everything, then a time that is only held (it runs out), then the nearest booking.
 * @param now server time, milliseconds
 */
export function nextThing(appointments: readonly Appointment[], now: number): NextThing {
  const sorted = appointments.toSorted(byStart);
  const visit = sorted.find(({ status }) => status === 'checked-in');
  if (visit !== undefined) return { kind: 'visit', appointment: visit };
  const hold = sorted.find(
    ({ status, holdExpiresAt }) => status === 'pending' && holdExpiresAt !== null && Date.parse(holdExpiresAt) > now,
  );
  if (hold !== undefined) return { kind: 'hold', appointment: hold };
  const booked = sorted.find(
    (one) => one.status === 'booked' && !needsAnswer(one) && Date.parse(one.end) + GRACE_MS > now,
  );
  return booked === undefined ? { kind: 'nothing' } : { kind: 'booked', appointment: booked };
}
