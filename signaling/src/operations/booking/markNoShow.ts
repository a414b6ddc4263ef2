import type { NoShowParty } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Unit } from '../../store/command.ts';
import { type LockedAppointment, lockAppointment, moveAppointment } from './change.ts';
import { openScheduleChangeOf } from '../schedule/closeChange.ts';

/**
 * Whose no-show it is. A specialist who was off from before the start on until now was not there to be visited; a clinic
 * with terminals none of which gave a sign since the start was closed. Otherwise it is the patient's, and staff can
 * excuse it.
 */
async function partyOf(unit: Unit, appointment: LockedAppointment): Promise<NoShowParty> {
  const { rows } = await sql<{ specialist_absent: boolean; clinic_closed: boolean }>`
    SELECT
      EXISTS (
        SELECT FROM availability
        WHERE practitioner_role_id = ${appointment.practitionerRoleId} AND state = 'off' AND changed_at < ${appointment.start}
      ) AS specialist_absent,
      coalesce((
        SELECT bool_and(last_seen_at IS NULL OR last_seen_at < ${appointment.start}) FROM device
        WHERE location_id = ${appointment.locationId} AND status NOT IN ('unenrolled', 'revoked')
      ), false) AS clinic_closed`.execute(unit.tx);
  const [found] = rows;
  if (found?.specialist_absent === true) return 'specialist';
  return found?.clinic_closed === true ? 'clinic' : 'patient';
}

/**
 * Job `appointment.no-show`: nobody checked in until well after the start. The slot stays busy, its time is over.
 * @returns false when the appointment is no longer merely booked, or hasn't begun yet
 */
export async function markNoShow(unit: Unit, appointmentId: string): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, appointmentId);
  if (appointment?.status !== 'booked' || appointment.start > unit.now) return false;
  // The specialist wasn't there: it lapses, and nobody missed anything.
  if ((await openScheduleChangeOf(unit, appointmentId)) !== null) return false;
  const party = await partyOf(unit, appointment);
  await moveAppointment(unit, appointment, 'noshow', { noshow_party: party });
  unit.audit({
    action: 'appointment:no-show',
    entityKind: 'Appointment',
    entityId: appointment.id,
    patientId: appointment.patientId,
    reason: party,
  });
  return true;
}
