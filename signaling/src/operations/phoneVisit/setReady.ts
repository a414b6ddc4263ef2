import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type PhoneReadyInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { assertVisibleAppointment, describeAppointment } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertConsent } from '../encounter/assertConsent.ts';
import { touchEncounter } from '../encounter/changeEncounter.ts';
import { lockVisibleEncounter } from '../encounter/visibility.ts';
import { bumpQueue } from '../queue/lockQueue.ts';
import { activeEntryOf } from '../queue/moveEntry.ts';

/**
 * The resident holds the phone and can be called, or no longer can.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION when it is not waiting, CONSENT_REQUIRED
 */
export const setPhoneReady = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof PhoneReadyInput>,
): Promise<Appointment> =>
  runVisibleOnce(
    services,
    context,
    { action: 'appointments.setPhoneReady', request: input, response: Appointment },
    async (unit) => {
      const { appointmentId, ready } = input;
      await assertVisibleAppointment(unit, context.agent, 'phone-visit:take-part', appointmentId);
      const visit = await unit.tx
        .selectFrom('encounter')
        .select('id')
        .where('appointment_id', '=', appointmentId)
        .executeTakeFirst();
      if (visit === undefined) throw new AppError('INVALID_TRANSITION', { reason: 'not-checked-in' });
      const { queue, encounter } = await lockVisibleEncounter(unit, context.agent, 'phone-visit:take-part', visit.id);
      const entry = await activeEntryOf(unit, queue, encounter.id);
      if (entry?.state !== 'waiting') {
        throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry?.state ?? 'left' });
      }
      if (ready) await assertConsent(unit, encounter.id);
      await touchEncounter(
        unit,
        encounter,
        ready ? { ready_at: unit.now, phone_seen_at: unit.now, phone_present: true } : { ready_at: null },
      );
      await bumpQueue(unit, queue);
      unit.audit({
        action: 'phone-visit:take-part',
        entityKind: 'Encounter',
        entityId: encounter.id,
        patientId: encounter.patientId,
        details: { ready },
      });
      return describeAppointment(services, unit, appointmentId);
    },
  );
