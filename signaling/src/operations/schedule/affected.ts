import { AppError, AppointmentId } from '@cloud-hospital/protocol';
import type { AffectedAppointment, ScheduleEffect } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Unit } from '../../store/command.ts';
import type { PlanEffect } from './applyPlan.ts';

/** Who is affected, as people see it. @param withPatients whether whoever asks has to do with patients at all */
export async function describeEffect(unit: Unit, effect: PlanEffect, withPatients: boolean): Promise<ScheduleEffect> {
  const rows =
    effect.affected.length === 0
      ? []
      : await unit.tx
          .selectFrom('appointment')
          .innerJoin('patient', 'patient.id', 'appointment.patient_id')
          .innerJoin('practitioner', 'practitioner.id', 'appointment.practitioner_id')
          .leftJoin('location', 'location.id', 'appointment.location_id')
          .select([
            'appointment.id',
            'appointment.status',
            'appointment.ticket_number',
            'patient.name as patient_name',
            'practitioner.name as specialist_name',
            'location.name_zh',
            'location.name_en',
            sql<Date>`lower(appointment.period)`.as('start'),
          ])
          .where('appointment.id', 'in', effect.affected)
          .orderBy(sql`lower(appointment.period)`)
          .execute();
  return {
    affected: rows.map(
      (row): AffectedAppointment => ({
        appointmentId: AppointmentId.parse(row.id),
        start: row.start.toISOString(),
        specialistName: row.specialist_name,
        patientName: withPatients ? row.patient_name : null,
        clinicName: { zh: row.name_zh ?? '', en: row.name_en ?? '' },
        ticketNumber: row.ticket_number ?? '',
        checkedIn: row.status === 'checked-in',
      }),
    ),
    slotsAdded: effect.slotsAdded,
    slotsRemoved: effect.slotsRemoved,
    restored: effect.restored,
  };
}

/**
 * Nobody's time goes whom the person who changes the schedule has not seen: somebody may have booked since the preview.
 * @throws AppError VERSION_CONFLICT `affected-changed`
 */
export function assertConfirmed(effect: PlanEffect, confirmed: readonly string[]): void {
  const seen = new Set(confirmed);
  if (effect.affected.some((id) => !seen.has(id))) {
    throw new AppError('VERSION_CONFLICT', { reason: 'affected-changed' });
  }
}
