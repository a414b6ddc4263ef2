import { randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type HoldInput } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Actor } from '../../domain/Actor.ts';
import { localDate, startOfDay } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { violatedConstraint } from '../../store/constraint.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { slotAlternatives } from './alternatives.ts';
import { announceAppointment, lockSlots, moveSlot } from './change.ts';
import { expireLockedHold } from './expireHold.ts';
import { accountOf, describeAppointment, isClinicStaff, staffLocation } from './visibility.ts';

const DAY_MS = 24 * 3_600_000;
/** How long after looking a person up staff may book for them. Hours. */
const FOUND_HOURS = 24;

/** Residents book for themselves, staff for a patient of their clinic or one they just looked up. */
async function assertBookable(unit: Unit, actor: Actor, patientId: string): Promise<void> {
  // Locks the patient, so that the number of active bookings can be counted.
  const patient = await unit.tx
    .selectFrom('patient')
    .select('id')
    .where('id', '=', patientId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  const denied = (): AppError =>
    hiddenError(patient !== undefined, {
      action: 'appointment:book',
      entityKind: 'Patient',
      entityId: patientId,
      patientId: patient?.id ?? null,
    });
  if (patient === undefined) throw denied();
  if (!isClinicStaff(actor)) {
    if (actor.patientId !== patientId) throw denied();
    return;
  }
  const { rows } = await sql<{ known: boolean }>`
    SELECT EXISTS (SELECT FROM appointment WHERE patient_id = ${patientId} AND location_id = ${actor.locationId})
        OR EXISTS (SELECT FROM encounter WHERE patient_id = ${patientId} AND location_id = ${actor.locationId})
        OR EXISTS (SELECT FROM audit_event WHERE entity_id = ${patientId} AND action = 'patient:find'
             AND outcome = 'success' AND actor_account = ${accountOf(actor)}
             AND recorded_at > now() - make_interval(hours => ${FOUND_HOURS}::int)) AS known`.execute(unit.tx);
  if (rows[0]?.known !== true) throw denied();
}

async function assertBelowLimit(services: Services, unit: Unit, patientId: string): Promise<void> {
  const max = services.config.MAX_ACTIVE_BOOKINGS;
  const { active } = await unit.tx
    .selectFrom('appointment')
    .select((eb) => eb.fn.countAll<string>().as('active'))
    .where('patient_id', '=', patientId)
    .where('status', 'in', ['pending', 'booked'])
    .where(sql<Date>`upper(period)`, '>', unit.now)
    .executeTakeFirstOrThrow();
  if (Number(active) >= max) throw new AppError('LIMIT_REACHED', { limit: 'active-bookings', max });
}

/** Stale holds in the way: of this slot by anybody, of this patient on any slot. */
const staleHolds = (unit: Unit, slotId: string, patientId: string) =>
  unit.tx
    .selectFrom('appointment')
    .select(['id', 'slot_id'])
    .where('status', '=', 'pending')
    .where('hold_expires_at', '<=', unit.now)
    .where((eb) => eb.or([eb('slot_id', '=', slotId), eb('patient_id', '=', patientId)]));

/**
 * Holds a slot for HOLD_SECONDS while the person confirms. What forbids a second holder is the unique and exclusion
 * constraints; everything before the insert only makes the answer kinder.
 * @throws AppError SLOT_TAKEN with `alternatives`, PATIENT_BUSY, LIMIT_REACHED, NOT_FOUND
 */
export async function hold(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof HoldInput>,
): Promise<Appointment> {
  const { config } = services;
  const actor = context.agent;
  try {
    return await runVisibleOnce(
      services,
      context,
      { action: 'appointments.hold', request: input, response: Appointment },
      async (unit) => {
        await assertBookable(unit, actor, input.patientId);
        const stale = await staleHolds(unit, input.slotId, input.patientId).execute();
        const slots = await lockSlots(unit.tx, [...new Set([input.slotId, ...stale.map((row) => row.slot_id)])]);
        const slot = slots.get(input.slotId);
        if (slot === undefined) throw new AppError('NOT_FOUND');
        for (const row of stale) await expireLockedHold(unit, row.id);
        const taken = await unit.tx
          .selectFrom('appointment')
          .select(['id', 'status', 'patient_id'])
          .where('slot_id', '=', slot.id)
          .where('status', 'in', ['pending', 'booked', 'checked-in', 'fulfilled'])
          .executeTakeFirst();
        // Somebody who comes back to their own hold (a reload, the second device) gets that one again.
        if (taken?.status === 'pending' && taken.patient_id === input.patientId) {
          unit.audit({
            action: 'appointment:hold',
            entityKind: 'Appointment',
            entityId: taken.id,
            patientId: input.patientId,
            reason: 'again',
          });
          return describeAppointment(services, unit, taken.id);
        }
        if (taken !== undefined || slot.status === 'busy-unavailable' || slot.start <= unit.now) {
          throw new AppError('SLOT_TAKEN');
        }
        const windowEnd = startOfDay(localDate(unit.now)).getTime() + config.BOOKING_WINDOW_DAYS * DAY_MS;
        if (slot.start.getTime() >= windowEnd) {
          throw new AppError('LIMIT_REACHED', { limit: 'booking-window', max: config.BOOKING_WINDOW_DAYS });
        }
        await assertBelowLimit(services, unit, input.patientId);

        const appointmentId = randomUUID();
        const holdExpiresAt = new Date(unit.now.getTime() + config.HOLD_SECONDS * 1000);
        // Only staff's own clinic comes into question for staff.
        const locationId = isClinicStaff(actor) ? staffLocation(actor) : (input.locationId ?? null);
        await unit.tx
          .insertInto('appointment')
          .values({
            id: appointmentId,
            slot_id: slot.id,
            patient_id: input.patientId,
            practitioner_id: slot.practitionerId,
            practitioner_role_id: slot.practitionerRoleId,
            location_id: locationId,
            period: slot.period,
            status: 'pending',
            hold_expires_at: holdExpiresAt,
            booked_by_account: accountOf(actor),
            booked_by_role: actor.role,
          })
          .execute();
        await moveSlot(unit.tx, slot.id, 'busy-tentative');
        unit.schedule({ kind: 'appointment.hold-expiry', subjectId: appointmentId, dueAt: holdExpiresAt });
        unit.audit({
          action: 'appointment:hold',
          entityKind: 'Appointment',
          entityId: appointmentId,
          patientId: input.patientId,
        });
        announceAppointment(unit, {
          appointmentId,
          patientId: input.patientId,
          practitionerRoleId: slot.practitionerRoleId,
          locationId,
          status: 'pending',
          version: 1,
          start: slot.start,
        });
        return describeAppointment(services, unit, appointmentId);
      },
    );
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'appointment_patient_overlap') throw new AppError('PATIENT_BUSY');
    const taken =
      constraint === 'appointment_active_slot' ||
      constraint === 'appointment_practitioner_overlap' ||
      (error instanceof AppError && error.code === 'SLOT_TAKEN');
    if (!taken) throw error;
    const alternatives = await slotAlternatives(services.db, input.slotId, config.BOOKING_WINDOW_DAYS);
    throw new AppError('SLOT_TAKEN', { alternatives }, { cause: error });
  }
}
