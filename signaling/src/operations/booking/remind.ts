import type { Unit } from '../../store/command.ts';
import { openScheduleChangeOf } from '../schedule/closeChange.ts';
import { notify } from '../inbox/notify.ts';
import { appointmentNotice } from './appointmentNotice.ts';
import { lockAppointment } from './change.ts';
import { isReminder, nextReminderAt, reminderAt } from './reminders.ts';

/** A reminder that is this late says so: whoever plans by "a day before" should know. Milliseconds. */
const LATE_MS = 120_000;

/**
 * Job `appointment.reminder`: reminds of a booked appointment, once per lead time. What was cancelled, has begun or
 * moved meanwhile is not reminded of. After downtime a late reminder says that it is late, and is dropped when the next
 * one is due as well: that one says the same.
 * @param lead which reminder: `P1D`, `PT1H` or `PT10M`
 * @returns false when there is nothing to remind of
 */
export async function remind(unit: Unit, appointmentId: string, lead: string): Promise<boolean> {
  if (!isReminder(lead)) return false;
  const appointment = await lockAppointment(unit.tx, appointmentId);
  if (appointment?.status !== 'booked' || appointment.start <= unit.now) return false;
  const notAfter = nextReminderAt(appointment.start, lead) ?? appointment.start;
  if (unit.now >= notAfter) return false;
  const isLate = unit.now.getTime() - reminderAt(appointment.start, lead).getTime() > LATE_MS;
  // Its time is no longer in the schedule; what to do about it was told.
  if ((await openScheduleChangeOf(unit, appointmentId)) !== null) return false;
  await notify(unit, {
    kind: isLate ? 'appointment-reminder-late' : 'appointment-reminder',
    ...(await appointmentNotice(unit, appointmentId)),
    dedupeKey: `reminder:${appointmentId}:${lead}`,
    notAfter,
  });
  return true;
}
