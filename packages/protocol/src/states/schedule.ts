import { z } from 'zod';

/** A day that is not what its weekday says: off, or a weekend that is worked (调休). */
export const CalendarDayKind = z.enum(['holiday', 'working-day']);
export type CalendarDayKind = z.infer<typeof CalendarDayKind>;

export const ScheduleExceptionKind = z.enum(['leave', 'shortened-day', 'extra-session']);
export type ScheduleExceptionKind = z.infer<typeof ScheduleExceptionKind>;

/** What took a booked time out of the schedule. */
export const ScheduleChangeCause = z.enum([
  'leave',
  'shortened-day',
  'extra-session-withdrawn',
  'template',
  'calendar',
]);
export type ScheduleChangeCause = z.infer<typeof ScheduleChangeCause>;

/**
 * Of a booked appointment whose time was taken out of the schedule. `accepted`: moved to another slot; `declined`: given up
 * by the patient's side; `cancelled`: ended otherwise, at the latest at its own time; `withdrawn`: the time is back.
 */
export const ScheduleChangeStatus = z.enum(['open', 'accepted', 'declined', 'cancelled', 'withdrawn']);
export type ScheduleChangeStatus = z.infer<typeof ScheduleChangeStatus>;

/** Another specialist of the department at nearly the same time, or the same specialist at another time. */
export const ProposalKind = z.enum(['substitute', 'other-time']);
export type ProposalKind = z.infer<typeof ProposalKind>;
