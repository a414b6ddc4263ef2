import { randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import type { CancellationReason, CancelledBy } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { violatedConstraint } from '../../store/constraint.ts';
import { withdrawNotices } from '../inbox/notify.ts';
import { closeScheduleChange } from '../schedule/closeChange.ts';
import { withdrawVisit } from '../queue/withdrawVisit.ts';
import { slotAlternatives } from './alternatives.ts';
import { announceAppointment, type LockedAppointment, lockAppointment, moveAppointment, moveSlot } from './change.ts';
import { claimSlot } from './claimSlot.ts';
import { freeSlot } from './freeSlot.ts';
import { assertWithinLimits } from './limits.ts';
import { nextTicketNumber } from './nextTicketNumber.ts';
import { cancelAppointmentJobs, scheduleAppointmentJobs } from './reminders.ts';

export interface SlotMove {
  readonly appointmentId: string;
  /** The slot to move to. */
  readonly slotId: string;
  /** The appointment as the client last saw it; undefined where the client saw something else that is compared. */
  readonly version?: number | undefined;
  /** Another clinic than before. */
  readonly locationId?: string | undefined;
  /** On whose side the old time was given up, and why. */
  readonly cancelledBy: CancelledBy;
  readonly reason: Extract<CancellationReason, 'rescheduled' | 'schedule-changed'>;
}

/**
 * Moves a booking to another slot: the old appointment ends and a new one begins in this one transaction, so that nobody
 * ever has none or two. The old slot becomes free, unless it was taken out of the schedule. After check-in the visit is
 * withdrawn with the old time. The new appointment keeps booker, complaint and clinic; its ticket and jobs are new.
 * Who may do this, the audit row and telling people are the caller's.
 * @returns the old appointment as it was, and the new one's id
 * @throws AppError SLOT_TAKEN (bare: see `explainTaken`), VERSION_CONFLICT, INVALID_TRANSITION, LIMIT_REACHED, NOT_FOUND
 */
export async function moveToSlot(
  { config }: Services,
  unit: Unit,
  move: SlotMove,
): Promise<{ old: LockedAppointment; appointmentId: string; start: Date }> {
  const { tx } = unit;
  const found = await tx
    .selectFrom('appointment')
    .leftJoin('encounter', 'encounter.appointment_id', 'appointment.id')
    .select(['appointment.slot_id', 'appointment.patient_id', 'encounter.id as encounter_id'])
    .where('appointment.id', '=', move.appointmentId)
    .executeTakeFirst();
  if (found === undefined) throw new AppError('NOT_FOUND');
  await tx.selectFrom('patient').select('id').where('id', '=', found.patient_id).forNoKeyUpdate().execute();
  const { slot, ownHold } = await claimSlot(unit, config, {
    slotId: move.slotId,
    patientId: found.patient_id,
    alsoLock: found.slot_id,
  });
  // Held by themselves in the booking path: that one is to be confirmed or given up first.
  if (ownHold !== null) throw new AppError('SLOT_TAKEN');
  if (found.encounter_id !== null) await withdrawVisit(unit, found.encounter_id, 'appointment-cancelled');
  const old = await lockAppointment(tx, move.appointmentId);
  if (old === undefined) throw new AppError('NOT_FOUND');
  if (move.version !== undefined && old.version !== move.version) throw new AppError('VERSION_CONFLICT');
  // Checked in between our look at the visit and the lock: what the client saw is old by then.
  if (old.status === 'checked-in' && found.encounter_id === null) throw new AppError('VERSION_CONFLICT');
  if (old.status !== 'booked' && old.status !== 'checked-in') {
    throw new AppError('INVALID_TRANSITION', { entity: 'Appointment', from: old.status, to: 'booked' });
  }
  // The old one first: both may overlap in time, and the patient's exclusion constraint looks at each statement.
  await moveAppointment(unit, old, 'cancelled', {
    cancelled_by: move.cancelledBy,
    cancellation_reason: move.reason,
  });
  await freeSlot(unit, old.slotId);
  cancelAppointmentJobs(unit, old.id);
  await withdrawNotices(unit, old.id);
  // Whom the hospital moves is not refused for having others.
  if (move.reason === 'rescheduled') await assertWithinLimits(unit, config, { ...slot, patientId: old.patientId });

  const appointmentId = randomUUID();
  const locationId = move.locationId ?? old.locationId;
  const ticket = await nextTicketNumber(tx, slot.practitionerRoleId, localDate(slot.start), 'appointment');
  await tx
    .insertInto('appointment')
    .columns([
      'id',
      'slot_id',
      'patient_id',
      'practitioner_id',
      'practitioner_role_id',
      'location_id',
      'period',
      'status',
      'complaint',
      'ticket_number',
      'booked_by_account',
      'booked_by_role',
      'previous_appointment_id',
      'series_id',
      'series_ordinal',
      'by_phone',
    ])
    .expression((eb) =>
      eb
        .selectFrom('appointment')
        .select([
          eb.val(appointmentId).as('id'),
          eb.val(slot.id).as('slot_id'),
          'patient_id',
          eb.val(slot.practitionerId).as('practitioner_id'),
          eb.val(slot.practitionerRoleId).as('practitioner_role_id'),
          eb.val(locationId).as('location_id'),
          eb.cast<string>(eb.val(slot.period), sql`tstzrange`).as('period'),
          eb.val('booked' as const).as('status'),
          'complaint',
          eb.val(ticket).as('ticket_number'),
          'booked_by_account',
          'booked_by_role',
          'id as previous_appointment_id',
          eb.fn.coalesce('series_id', 'id').as('series_id'),
          eb('series_ordinal', '+', 1).as('series_ordinal'),
          // Only where the new specialist allows it, too.
          sql<boolean>`by_phone AND (SELECT phone_visits FROM practitioner_role WHERE id = ${slot.practitionerRoleId})`.as(
            'by_phone',
          ),
        ])
        .where('id', '=', old.id),
    )
    .execute();
  await closeScheduleChange(unit, old.id, { status: 'accepted', newAppointmentId: appointmentId });
  await moveSlot(tx, slot.id, 'busy');
  scheduleAppointmentJobs(unit, config, appointmentId, slot.start);
  announceAppointment(unit, {
    appointmentId,
    patientId: old.patientId,
    practitionerRoleId: slot.practitionerRoleId,
    locationId,
    status: 'booked',
    version: 1,
    start: slot.start,
  });
  return { old, appointmentId, start: slot.start };
}

const TAKEN_CONSTRAINTS = new Set(['appointment_active_slot', 'appointment_practitioner_overlap']);

/**
 * What a move that failed means to the person: a slot somebody else got meanwhile comes with the nearest free ones, read
 * after the rollback.
 */
export async function explainTaken({ db, config }: Services, slotId: string, error: unknown): Promise<unknown> {
  const constraint = violatedConstraint(error) ?? '';
  if (constraint === 'appointment_patient_overlap') return new AppError('PATIENT_BUSY');
  const taken = TAKEN_CONSTRAINTS.has(constraint) || (error instanceof AppError && error.code === 'SLOT_TAKEN');
  if (!taken) return error;
  const alternatives = await slotAlternatives(db, slotId, config.BOOKING_WINDOW_DAYS);
  return new AppError('SLOT_TAKEN', { alternatives }, { cause: error });
}
