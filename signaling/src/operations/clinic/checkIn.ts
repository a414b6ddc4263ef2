import { AppError } from '@cloud-hospital/protocol';
import { type CheckInInput, Encounter } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import { dayBounds, localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { lockAppointment, moveAppointment } from '../booking/change.ts';
import { cancelAppointmentJobs } from '../booking/reminders.ts';
import { readTicketQr } from '../booking/ticketQr.ts';
import { staffLocation } from '../booking/visibility.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { describeEncounter } from '../encounter/describe.ts';
import type { RecordContext } from '../encounter/visibility.ts';
import { lockQueueOf } from '../queue/lockQueue.ts';
import { openScheduleChangeOf } from '../schedule/closeChange.ts';
import { admit, terminalFor } from './admit.ts';

type CheckIn = z.infer<typeof CheckInInput>;

interface Found {
  readonly appointmentId: string;
  /** Staff have the card before them. */
  readonly identityVerified: boolean;
}

/** The person's appointment of today at this clinic that comes next, by the number on the card. */
async function findByIdentity(services: Services, unit: Unit, locationId: string, number: string): Promise<Found> {
  const { start, end } = dayBounds(localDate(unit.now));
  const rows = await unit.tx
    .selectFrom('appointment')
    .innerJoin('patient', 'patient.id', 'appointment.patient_id')
    .select(['appointment.id', 'appointment.status'])
    .where('patient.identity_hash', '=', services.identityCipher.hash(number))
    .where('appointment.location_id', '=', locationId)
    .where('appointment.status', 'in', ['booked', 'checked-in'])
    .where(sql<Date>`lower(appointment.period)`, '>=', start)
    .where(sql<Date>`lower(appointment.period)`, '<', end)
    // One that is still to be checked in before one that is; then by time.
    .orderBy((eb) => eb('appointment.status', '=', 'checked-in'))
    .orderBy(sql`lower(appointment.period)`)
    .execute();
  const [first] = rows;
  if (first === undefined) throw new AppError('NOT_FOUND');
  return { appointmentId: first.id, identityVerified: true };
}

async function find(services: Services, unit: Unit, locationId: string, input: CheckIn): Promise<Found> {
  switch (input.by) {
    case 'ticket': {
      const appointmentId = readTicketQr(services.config, input.ticketQr);
      if (appointmentId === null) throw new AppError('NOT_FOUND');
      return { appointmentId, identityVerified: false };
    }
    case 'identity-number':
      return findByIdentity(services, unit, locationId, input.identityNumber);
    case 'name':
      return { appointmentId: input.appointmentId, identityVerified: input.identityVerified };
  }
}

/** Staff have seen the card: from now on the person's history is visible to their account. */
export async function verifyIdentity(unit: Unit, patientId: string): Promise<void> {
  await unit.tx
    .updateTable('patient')
    .set((eb) => ({ identity_verified_at: unit.now, version: eb('version', '+', 1) }))
    .where('id', '=', patientId)
    .where('identity_verified_at', 'is', null)
    .execute();
}

/**
 * Checks somebody in who has an appointment today at this clinic: opens the visit and takes a place in the queue.
 * Checking in again answers with the visit there is.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION (cancelled, no-show, another day), ANSWER_NEEDED (its time was taken out of
 * the schedule)
 */
export async function checkIn(services: Services, context: RecordContext, input: CheckIn): Promise<Encounter> {
  const actor = context.agent;
  const locationId = staffLocation(actor);
  // The identity number itself must not end up in the table of idempotency keys, not even hashed unkeyed.
  const request =
    input.by === 'identity-number'
      ? { by: input.by, identity: services.identityCipher.hash(input.identityNumber).toString('hex') }
      : input;
  return runVisibleOnce(services, context, { action: 'clinic.checkIn', request, response: Encounter }, async (unit) => {
    const found = await find(services, unit, locationId, input);
    const plan = await unit.tx
      .selectFrom('appointment')
      .select(['practitioner_role_id', 'practitioner_id', 'location_id', 'patient_id', 'complaint'])
      .where('id', '=', found.appointmentId)
      .executeTakeFirst();
    if (plan === undefined || plan.location_id !== locationId) {
      throw hiddenError(plan !== undefined, {
        action: 'encounter:check-in',
        entityKind: 'Appointment',
        entityId: found.appointmentId,
        patientId: plan?.patient_id ?? null,
      });
    }
    const queue = await lockQueueOf(unit, plan.practitioner_role_id);
    const appointment = await lockAppointment(unit.tx, found.appointmentId);
    if (appointment === undefined) throw new AppError('NOT_FOUND');
    if (found.identityVerified) await verifyIdentity(unit, appointment.patientId);
    const audit = (encounterId: string, reason: string | null): void =>
      unit.audit({
        action: 'encounter:check-in',
        entityKind: 'Encounter',
        entityId: encounterId,
        patientId: appointment.patientId,
        reason,
        details: { by: input.by },
      });
    if (appointment.status === 'checked-in') {
      const existing = await unit.tx
        .selectFrom('encounter')
        .select('id')
        .where('appointment_id', '=', appointment.id)
        .executeTakeFirstOrThrow();
      audit(existing.id, 'again');
      return describeEncounter(context, unit, existing.id);
    }
    if ((await openScheduleChangeOf(unit, appointment.id)) !== null) {
      throw new AppError('ANSWER_NEEDED', { appointmentId: appointment.id });
    }
    if (localDate(appointment.start) !== localDate(unit.now)) {
      throw new AppError('INVALID_TRANSITION', { reason: 'another-day', date: localDate(appointment.start) });
    }
    await moveAppointment(unit, appointment, 'checked-in');
    cancelAppointmentJobs(unit, appointment.id);
    const encounterId = await admit(unit, queue, {
      appointmentId: appointment.id,
      patientId: appointment.patientId,
      specialist: { practitionerId: plan.practitioner_id, practitionerRoleId: appointment.practitionerRoleId },
      locationId,
      deviceId: await terminalFor(unit, actor, locationId),
      complaint: plan.complaint,
      ticketNumber: appointment.ticketNumber ?? '',
      scheduledStart: appointment.start,
      urgent: false,
    });
    audit(encounterId, null);
    return describeEncounter(context, unit, encounterId);
  });
}
