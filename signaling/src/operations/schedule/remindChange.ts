import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { appointmentNotice } from '../booking/appointmentNotice.ts';
import { notify } from '../inbox/notify.ts';
import { closeScheduleChange } from './closeChange.ts';
import { endAffected } from './endAffected.ts';

const openChange = (unit: Unit, id: string) =>
  unit.tx
    .selectFrom('schedule_change')
    .innerJoin('appointment', 'appointment.id', 'schedule_change.appointment_id')
    .select([
      'schedule_change.id',
      'schedule_change.appointment_id',
      'schedule_change.patient_id',
      'schedule_change.organization_id',
      'appointment.status',
    ])
    .where('schedule_change.id', '=', id)
    .where('schedule_change.status', '=', 'open')
    .executeTakeFirst();

/**
 * Job `schedule-change.alert`: the time to answer is over and nobody has. The hospital's coordinators are told to call.
 * @returns false when it has been answered meanwhile
 */
export async function alertCoordinator(unit: Unit, scheduleChangeId: string): Promise<boolean> {
  const change = await openChange(unit, scheduleChangeId);
  if (change === undefined) return false;
  await unit.tx
    .updateTable('schedule_change')
    .set((eb) => ({ alerted_at: unit.now, version: eb('version', '+', 1) }))
    .where('id', '=', change.id)
    .where('status', '=', 'open')
    .execute();
  const coordinators = await unit.tx
    .selectFrom('practitioner_role')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .select('practitioner.account_id')
    .where('practitioner_role.role', '=', 'coordinator')
    .where('practitioner_role.organization_id', '=', change.organization_id)
    .where('practitioner_role.active', '=', true)
    .execute();
  const { params } = await appointmentNotice(unit, change.appointment_id);
  for (const { account_id: accountId } of coordinators) {
    await notify(unit, {
      kind: 'schedule-change-unanswered',
      params,
      accountId,
      phone: null,
      subjectId: change.appointment_id,
      dedupeKey: `schedule-change-unanswered:${change.id}:${accountId}`,
    });
  }
  unit.audit({
    action: 'schedule-change:alert',
    entityKind: 'ScheduleChange',
    entityId: change.id,
    patientId: change.patient_id,
    details: { coordinators: coordinators.length },
  });
  unit.emit([topic.organization(change.organization_id)], 'schedule-change:changed', {});
  return true;
}

/**
 * Job `schedule-change.lapse`: the appointment's own time has come and nobody answered. It ends as cancelled by the
 * hospital, which the resident is told; not as a no-show, since nobody waited for them. Whoever sits at the clinic already
 * keeps the visit: their queue goes on, and so does the case.
 * @returns false when there was nothing to end
 */
export async function lapseChange(unit: Unit, scheduleChangeId: string): Promise<boolean> {
  const change = await openChange(unit, scheduleChangeId);
  if (change?.status !== 'booked') return false;
  const old = await endAffected(unit, change.appointment_id, 'hospital');
  await closeScheduleChange(unit, old.id, { status: 'cancelled' });
  await notify(unit, {
    ...(await appointmentNotice(unit, old.id)),
    kind: 'schedule-change-lapsed',
    dedupeKey: `schedule-change-lapsed:${change.id}`,
  });
  unit.audit({
    action: 'appointment:cancel',
    entityKind: 'Appointment',
    entityId: old.id,
    patientId: old.patientId,
    reason: 'schedule-changed',
  });
  return true;
}
