import type { Config } from '../../config.ts';
import type { Unit } from '../../store/command.ts';
import { watchForLateStart } from '../queue/lateStart.ts';

/** How long before the start a reminder goes out, by the token its job carries, longest first. Seconds. */
export const REMINDERS = { P1D: 86_400, PT1H: 3_600, PT10M: 600 } as const;
type Reminder = keyof typeof REMINDERS;

export const isReminder = (token: string): token is Reminder => Object.hasOwn(REMINDERS, token);

export const reminderAt = (start: Date, lead: Reminder): Date => new Date(start.getTime() - REMINDERS[lead] * 1000);

/** When the reminder after this one goes out; null: this is the last. */
export function nextReminderAt(start: Date, lead: Reminder): Date | null {
  const shorter = Object.values(REMINDERS).filter((seconds) => seconds < REMINDERS[lead]);
  return shorter.length === 0 ? null : new Date(start.getTime() - Math.max(...shorter) * 1000);
}

/** Everything that happens by itself around a booked appointment. */
export function scheduleAppointmentJobs(
  unit: Unit,
  config: Pick<Config, 'NO_SHOW_AFTER_SECONDS' | 'LATE_ALERT_SECONDS' | 'LATE_TELL_SECONDS'>,
  appointmentId: string,
  start: Date,
): void {
  unit.cancelJobs('appointment.hold-expiry', appointmentId);
  unit.schedule({
    kind: 'appointment.no-show',
    subjectId: appointmentId,
    dueAt: new Date(start.getTime() + config.NO_SHOW_AFTER_SECONDS * 1000),
  });
  watchForLateStart(unit, config, appointmentId, start);
  for (const [token, seconds] of Object.entries(REMINDERS)) {
    const dueAt = new Date(start.getTime() - seconds * 1000);
    if (dueAt > unit.now) unit.schedule({ kind: 'appointment.reminder', subjectId: appointmentId, token, dueAt });
  }
}

/** None of it is wanted any more. */
export function cancelAppointmentJobs(unit: Unit, appointmentId: string): void {
  unit.cancelJobs('appointment.hold-expiry', appointmentId);
  unit.cancelJobs('appointment.no-show', appointmentId);
  unit.cancelJobs('appointment.reminder', appointmentId);
  unit.cancelJobs('session.late-alert', appointmentId);
}
