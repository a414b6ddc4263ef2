import { z } from 'zod';

/** Everything that happens later by itself. One handler file each in jobs/. */
export const JobKind = z.enum([
  /** A held appointment was not confirmed in time. */
  'appointment.hold-expiry',
  /** Nobody came until well after the appointed time. */
  'appointment.no-show',
  'appointment.reminder',
  /** A slot became free while people wait for this specialist's times. */
  'waitlist.offer',
  /** The last day somebody on the waiting list would have come has passed. */
  'waitlist.end',
  /** A queue moved: whose turn is near hears of it. */
  'queue.turn-soon',
  /** The time to answer a changed schedule is over: the coordinator should call. */
  'schedule-change.alert',
  /** Nobody answered until the appointment's own time: it ends. */
  'schedule-change.lapse',
  /** Somebody should have been called some minutes ago: alert the coordinator if the specialist isn't there. */
  'session.late-alert',
  /** The specialist still isn't there: tell everybody who waits, and offer a way out. */
  'session.late-tell',
  /** A break is over. */
  'availability.break-end',
  /** A queue moved, or a minute passed while somebody waits in it: promised times are made and compared. */
  'queue.keep-promises',
  /** A ringing call was not answered. */
  'call.ring-timeout',
  /** A colleague who was asked into a call didn't answer. */
  'call.invitation-timeout',
  /** Everyone has been gone from a running call for two minutes: park it. */
  'encounter.park',
  /** A parked consultation nobody resumed for a day. */
  'encounter.interrupt',
  /** The day is over and somebody checked in was never called. */
  'encounter.close-day',
  /** Hands a communication to its channel. */
  'communication.send',
]);
export type JobKind = z.infer<typeof JobKind>;
