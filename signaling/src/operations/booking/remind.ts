import type { Unit } from '../../store/command.ts';
import { notify } from '../inbox/notify.ts';
import { appointmentNotice } from './appointmentNotice.ts';
import { lockAppointment } from './change.ts';

/**
 * Job `appointment.reminder`: reminds of a booked appointment, once per lead time. What was cancelled, has begun or
 * moved meanwhile is not reminded of.
 * @param lead which reminder: `P1D`, `PT1H` or `PT10M`
 * @returns false when there is nothing to remind of
 */
export async function remind(unit: Unit, appointmentId: string, lead: string): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, appointmentId);
  if (appointment?.status !== 'booked' || appointment.start <= unit.now) return false;
  await notify(unit, {
    kind: 'appointment-reminder',
    ...(await appointmentNotice(unit, appointmentId)),
    dedupeKey: `reminder:${appointmentId}:${lead}`,
  });
  return true;
}
