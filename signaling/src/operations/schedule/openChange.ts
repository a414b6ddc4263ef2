import { randomUUID } from 'node:crypto';
import type { ScheduleChangeCause } from '@cloud-hospital/protocol/states';
import { localDateTime } from '../../domain/localTime.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { appointmentNotice } from '../booking/appointmentNotice.ts';
import { announceAppointment, type LockedAppointment } from '../booking/change.ts';
import { cancelAppointmentJobs, scheduleAppointmentJobs } from '../booking/reminders.ts';
import { notify, withdrawNotices } from '../inbox/notify.ts';
import { closeScheduleChange } from './closeChange.ts';
import { refreshProposals } from './proposals.ts';
import type { ScheduleServices } from './ScheduleServices.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Until when an answer is expected: a day ahead of the appointment, but after at least half of the time that is left, so
 * that people whose appointment is soon have time to answer, and the coordinator time to call.
 */
export const answerBy = (now: Date, start: Date): Date =>
  new Date(Math.max(start.getTime() - DAY_MS, now.getTime() + (start.getTime() - now.getTime()) / 2));

/** Everybody who sees the appointment sees that it changed. The row must be locked. */
async function touchAppointment(unit: Unit, appointment: LockedAppointment): Promise<void> {
  const version = appointment.version + 1;
  await unit.tx
    .updateTable('appointment')
    .set({ version, updated_at: unit.now })
    .where('id', '=', appointment.id)
    .execute();
  announceAppointment(unit, { ...appointment, appointmentId: appointment.id, version });
}

/**
 * A booked appointment lost its time: it stays booked, what is offered instead is written down, and its people are told.
 * The slot and the appointment must be locked. Reminders of the old time stop.
 */
export async function openScheduleChange(
  services: ScheduleServices,
  unit: Unit,
  appointment: LockedAppointment,
  cause: ScheduleChangeCause,
): Promise<void> {
  const id = randomUUID();
  const deadline = answerBy(unit.now, appointment.start);
  const { organization_id: organizationId } = await unit.tx
    .insertInto('schedule_change')
    .columns(['id', 'appointment_id', 'patient_id', 'practitioner_role_id', 'organization_id', 'cause', 'answer_by'])
    .expression((eb) =>
      eb
        .selectFrom('practitioner_role')
        .select([
          eb.val(id).as('id'),
          eb.val(appointment.id).as('appointment_id'),
          eb.val(appointment.patientId).as('patient_id'),
          'practitioner_role.id as practitioner_role_id',
          'practitioner_role.organization_id',
          eb.val(cause).as('cause'),
          eb.val(deadline).as('answer_by'),
        ])
        .where('practitioner_role.id', '=', appointment.practitionerRoleId)
        .$narrowType<{ organization_id: string }>(),
    )
    .returning('organization_id')
    .executeTakeFirstOrThrow();
  await refreshProposals(services, unit, id);
  cancelAppointmentJobs(unit, appointment.id);
  await withdrawNotices(unit, appointment.id);
  await touchAppointment(unit, appointment);
  const notice = await appointmentNotice(unit, appointment.id);
  await notify(unit, {
    ...notice,
    kind: 'schedule-changed',
    params: { ...notice.params, deadline: localDateTime(deadline) },
    dedupeKey: `schedule-changed:${id}`,
  });
  unit.schedule({ kind: 'schedule-change.alert', subjectId: id, dueAt: deadline });
  unit.schedule({ kind: 'schedule-change.lapse', subjectId: id, dueAt: appointment.start });
  unit.audit({
    action: 'schedule-change:open',
    entityKind: 'ScheduleChange',
    entityId: id,
    patientId: appointment.patientId,
    reason: cause,
    details: { appointmentId: appointment.id },
  });
  unit.emit(
    [topic.organization(organizationId), topic.practitionerRole(appointment.practitionerRoleId)],
    'schedule-change:changed',
    {},
  );
}

/** The time is in the schedule again before anybody answered: all is as it was, and people hear that, too. */
export async function withdrawScheduleChange(
  { config }: ScheduleServices,
  unit: Unit,
  appointment: LockedAppointment,
): Promise<void> {
  const closed = await closeScheduleChange(unit, appointment.id, { status: 'withdrawn' });
  if (!closed) return;
  if (appointment.status === 'booked') scheduleAppointmentJobs(unit, config, appointment.id, appointment.start);
  await withdrawNotices(unit, appointment.id);
  await touchAppointment(unit, appointment);
  await notify(unit, {
    ...(await appointmentNotice(unit, appointment.id)),
    kind: 'schedule-change-withdrawn',
    dedupeKey: `schedule-change-withdrawn:${appointment.id}:${appointment.version}`,
  });
}
