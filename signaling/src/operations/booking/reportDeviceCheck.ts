import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type DeviceCheckInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertVisibleAppointment, describeAppointment } from './visibility.ts';

/**
 * Keeps what the resident's own phone found out about its camera, microphone, speaker and line: the last test counts. It
 * changes nothing of the appointment, whose version stays.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION once the appointment is over
 */
export function reportDeviceCheck(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof DeviceCheckInput>,
): Promise<Appointment> {
  return runVisibleOnce(
    services,
    context,
    { action: 'appointments.reportDeviceCheck', request: input, response: Appointment },
    async (unit) => {
      const { appointmentId, check } = input;
      const found = await assertVisibleAppointment(unit, context.agent, 'device-check:report', appointmentId);
      const updated = await unit.tx
        .updateTable('appointment')
        .set({ device_check: JSON.stringify({ ...check, testedAt: unit.now.toISOString() }) })
        .where('id', '=', appointmentId)
        .where('status', 'in', ['booked', 'checked-in'])
        .returning('id')
        .executeTakeFirst();
      if (updated === undefined) throw new AppError('INVALID_TRANSITION');
      unit.audit({
        action: 'device-check:report',
        entityKind: 'Appointment',
        entityId: appointmentId,
        patientId: found.patient_id,
      });
      return describeAppointment(services, unit, appointmentId);
    },
  );
}
