import { AppError, AppointmentId } from '@cloud-hospital/protocol';
import { type ScheduleChangeAnswer, ScheduleChangeAnswered } from '@cloud-hospital/protocol/rest';
import type { CancelledBy } from '@cloud-hospital/protocol/states';
import type { z } from 'zod';
import type { Actor } from '../../domain/Actor.ts';
import { localDateTime } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { appointmentNotice } from '../booking/appointmentNotice.ts';
import { explainTaken, moveToSlot } from '../booking/moveToSlot.ts';
import { isClinicStaff } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { notify } from '../inbox/notify.ts';
import { assertVisibleChange, type VisibleChange } from './changeView.ts';
import { closeScheduleChange } from './closeChange.ts';
import { endAffected } from './endAffected.ts';

type Answer = z.infer<typeof ScheduleChangeAnswer>;

const sideOf = (actor: Actor): CancelledBy => {
  if (actor.role === 'coordinator') return 'hospital';
  return isClinicStaff(actor) ? 'clinic' : 'patient';
};

/** Takes one of the proposals: old and new appointment in one transaction. */
async function accept(
  services: Services,
  unit: Unit,
  change: VisibleChange,
  slotId: string,
  by: CancelledBy,
): Promise<ScheduleChangeAnswered> {
  const offered = await unit.tx
    .selectFrom('schedule_change_proposal')
    .select('slot_id')
    .where('schedule_change_id', '=', change.id)
    .where('slot_id', '=', slotId)
    .executeTakeFirst();
  if (offered === undefined) throw new AppError('NOT_FOUND');
  const { old, appointmentId, start } = await moveToSlot(services, unit, {
    appointmentId: change.appointment_id,
    slotId,
    cancelledBy: by,
    reason: 'schedule-changed',
  });
  const { params, ...notice } = await appointmentNotice(unit, appointmentId);
  await notify(unit, {
    ...notice,
    kind: 'appointment-moved',
    params: { ...params, before: localDateTime(old.start) },
    dedupeKey: `moved:${appointmentId}`,
  });
  return { status: 'accepted', appointmentId: AppointmentId.parse(appointmentId), start: start.toISOString() };
}

/** Wants none of them. */
async function decline(unit: Unit, change: VisibleChange, by: CancelledBy): Promise<ScheduleChangeAnswered> {
  const old = await endAffected(unit, change.appointment_id, by);
  await closeScheduleChange(unit, old.id, { status: 'declined' });
  await notify(unit, {
    ...(await appointmentNotice(unit, old.id)),
    kind: 'appointment-cancelled',
    dedupeKey: `cancelled:${old.id}`,
  });
  return { status: 'declined', appointmentId: AppointmentId.parse(old.id), start: old.start.toISOString() };
}

/**
 * Answers for an appointment whose time was taken out of the schedule: takes a proposal, or gives the appointment up. The
 * resident answers, clinic staff or the coordinator for them (recorded as proxy).
 * @throws AppError SLOT_TAKEN with `alternatives`, INVALID_TRANSITION (answered already, or the specialist is calling),
 * PATIENT_BUSY, NOT_FOUND
 */
export async function answerScheduleChange(
  services: Services,
  context: ActorContext,
  input: Answer,
): Promise<ScheduleChangeAnswered> {
  const { answer } = input;
  try {
    return await runVisibleOnce(
      services,
      context,
      { action: 'scheduleChanges.answer', request: input, response: ScheduleChangeAnswered },
      async (unit) => {
        const change = await assertVisibleChange(unit, context.agent, 'schedule-change:answer', input.appointmentId);
        // Two who answer at once wait for each other here, the first lock in everybody's order.
        await unit.tx.selectFrom('patient').select('id').where('id', '=', change.patient_id).forNoKeyUpdate().execute();
        const { status } = await unit.tx
          .selectFrom('schedule_change')
          .select('status')
          .where('id', '=', change.id)
          .executeTakeFirstOrThrow();
        if (status !== 'open') throw new AppError('INVALID_TRANSITION', { entity: 'ScheduleChange', from: status });
        const by = sideOf(context.agent);
        const answered =
          answer.kind === 'accept'
            ? await accept(services, unit, change, answer.slotId, by)
            : await decline(unit, change, by);
        unit.audit({
          action: 'schedule-change:answer',
          entityKind: 'Appointment',
          entityId: input.appointmentId,
          patientId: change.patient_id,
          reason: answered.status,
          details: { appointmentId: answered.appointmentId, proxy: context.agent.role !== 'resident' },
        });
        return answered;
      },
    );
  } catch (error) {
    throw answer.kind === 'accept' ? await explainTaken(services, answer.slotId, error) : error;
  }
}
