import type { ScheduleChangeStatus } from '@cloud-hospital/protocol/states';
import { isSystem } from '../../domain/Actor.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';

type Outcome =
  | { readonly status: Exclude<ScheduleChangeStatus, 'open' | 'accepted'> }
  | {
      readonly status: 'accepted';
      readonly newAppointmentId: string;
    };

/**
 * Ends an appointment's case of a changed schedule, if it has one that is open, and records who ended it and how. Whatever
 * ends or moves an appointment comes by here, so that no case outlives its appointment.
 * @returns whether there was one
 */
export async function closeScheduleChange(unit: Unit, appointmentId: string, outcome: Outcome): Promise<boolean> {
  const { agent } = unit;
  const closed = await unit.tx
    .updateTable('schedule_change')
    .set((eb) => ({
      status: outcome.status,
      answered_at: unit.now,
      answered_by_account: isSystem(agent) ? null : agent.userId,
      answered_by_role: agent.role,
      new_appointment_id: outcome.status === 'accepted' ? outcome.newAppointmentId : null,
      version: eb('version', '+', 1),
    }))
    .where('appointment_id', '=', appointmentId)
    .where('status', '=', 'open')
    .returning(['id', 'organization_id', 'patient_id', 'practitioner_role_id'])
    .executeTakeFirst();
  if (closed === undefined) return false;
  unit.cancelJobs('schedule-change.alert', closed.id);
  unit.cancelJobs('schedule-change.lapse', closed.id);
  unit.audit({
    action: 'schedule-change:close',
    entityKind: 'ScheduleChange',
    entityId: closed.id,
    patientId: closed.patient_id,
    reason: outcome.status,
    details: {
      appointmentId,
      // Whoever answers for the resident is recorded as such.
      proxy: agent.role !== 'resident' && !isSystem(agent),
      ...(outcome.status === 'accepted' ? { newAppointmentId: outcome.newAppointmentId } : {}),
    },
  });
  unit.emit(
    [topic.organization(closed.organization_id), topic.practitionerRole(closed.practitioner_role_id)],
    'schedule-change:changed',
    {},
  );
  return true;
}

/** The id of an appointment's open case. */
export async function openScheduleChangeOf(unit: Pick<Unit, 'tx'>, appointmentId: string): Promise<string | null> {
  const row = await unit.tx
    .selectFrom('schedule_change')
    .select('id')
    .where('appointment_id', '=', appointmentId)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return row?.id ?? null;
}
