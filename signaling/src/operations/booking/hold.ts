import { randomUUID } from 'node:crypto';
import { Appointment, type HoldInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertBookable } from './bookable.ts';
import { announceAppointment, moveSlot } from './change.ts';
import { claimSlot } from './claimSlot.ts';
import { assertWithinLimits } from './limits.ts';
import { explainTaken } from './moveToSlot.ts';
import { accountOf, describeAppointment, isClinicStaff, staffLocation } from './visibility.ts';

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
        const { slot, ownHold } = await claimSlot(unit, config, { slotId: input.slotId, patientId: input.patientId });
        // Somebody who comes back to their own hold (a reload, the second device) gets that one again.
        if (ownHold !== null) {
          unit.audit({
            action: 'appointment:hold',
            entityKind: 'Appointment',
            entityId: ownHold,
            patientId: input.patientId,
            reason: 'again',
          });
          return describeAppointment(services, unit, ownHold);
        }
        await assertWithinLimits(unit, config, { ...slot, patientId: input.patientId });

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
    throw await explainTaken(services, input.slotId, error);
  }
}
