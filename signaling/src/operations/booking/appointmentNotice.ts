import { sql } from 'kysely';
import { localDateTime } from '../../domain/localTime.ts';
import type { Unit } from '../../store/command.ts';
import { type ProxyRecipient, proxyOf } from '../inbox/proxy.ts';

interface AppointmentNotice {
  readonly params: { time: string; specialist: string; clinic: string; ticket: string };
  readonly accountId: string | null;
  readonly phone: string | null;
  readonly subjectId: string;
  readonly proxy: ProxyRecipient | null;
  readonly byPhone: boolean;
}

/** What a message about an appointment says, and whom it reaches: the patient, and the family member who booked. */
export async function appointmentNotice(unit: Unit, appointmentId: string): Promise<AppointmentNotice> {
  const found = await unit.tx
    .selectFrom('appointment')
    .innerJoin('practitioner', 'practitioner.id', 'appointment.practitioner_id')
    .innerJoin('patient', 'patient.id', 'appointment.patient_id')
    .leftJoin('location', 'location.id', 'appointment.location_id')
    .select([
      'practitioner.name as specialist',
      'location.name_zh as clinic',
      'appointment.by_phone as byPhone',
      'appointment.ticket_number as ticket',
      'appointment.booked_by_account as bookedBy',
      'appointment.patient_id as patientId',
      'patient.account_id as accountId',
      'patient.phone as phone',
      sql<Date>`lower(appointment.period)`.as('start'),
    ])
    .where('appointment.id', '=', appointmentId)
    .executeTakeFirstOrThrow();
  return {
    params: {
      time: localDateTime(found.start),
      specialist: found.specialist,
      clinic: found.clinic ?? '',
      ticket: found.ticket ?? '',
    },
    accountId: found.accountId,
    phone: found.phone,
    subjectId: appointmentId,
    proxy: await proxyOf(unit, found.bookedBy, found.patientId),
    byPhone: found.byPhone,
  };
}
