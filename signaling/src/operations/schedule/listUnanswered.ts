import { AppointmentId } from '@cloud-hospital/protocol';
import type { UnansweredChange } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { loadRefs } from '../../store/refs.ts';
import { coordinatedHospital } from './access.ts';
import { proposalsOf } from './changeView.ts';
import { refreshProposals } from './proposals.ts';

const LIMIT = 200;

/** The hospital's appointments that need an answer, the most urgent first; nothing clinical. */
export const listUnanswered = (
  services: Services,
  context: ActorContext,
): Promise<{ changes: UnansweredChange[]; now: string }> =>
  services.commands.run(context, async (unit) => {
    const organizationId = coordinatedHospital(context.agent);
    const rows = await unit.tx
      .selectFrom('schedule_change')
      .innerJoin('appointment', 'appointment.id', 'schedule_change.appointment_id')
      .select([
        'schedule_change.id',
        'schedule_change.cause',
        'schedule_change.answer_by',
        'schedule_change.alerted_at',
        'schedule_change.patient_id',
        'schedule_change.practitioner_role_id',
        'appointment.id as appointment_id',
        'appointment.location_id',
        'appointment.ticket_number',
        sql<Date>`lower(appointment.period)`.as('start'),
      ])
      .where('schedule_change.organization_id', '=', organizationId)
      .where('schedule_change.status', '=', 'open')
      .orderBy('schedule_change.answer_by')
      .orderBy('schedule_change.id')
      .limit(LIMIT)
      .execute();
    for (const row of rows) await refreshProposals(services, unit, row.id);
    const [refs, proposals] = await Promise.all([
      loadRefs(
        unit.tx,
        {
          patients: rows.map((row) => row.patient_id),
          clinics: rows.map((row) => row.location_id),
          specialists: rows.map((row) => row.practitioner_role_id),
        },
        unit.now,
      ),
      proposalsOf(
        unit,
        rows.map((row) => row.id),
      ),
    ]);
    unit.audit({
      action: 'schedule-change:list',
      entityKind: 'Organization',
      entityId: organizationId,
      details: { count: rows.length },
    });
    return {
      changes: rows.flatMap((row): UnansweredChange[] => {
        if (row.location_id === null) return [];
        const patient = refs.patient(row.patient_id);
        return [
          {
            appointmentId: AppointmentId.parse(row.appointment_id),
            start: row.start.toISOString(),
            specialist: refs.specialist(row.practitioner_role_id),
            cause: row.cause,
            patientName: patient.name,
            phoneMasked: patient.phoneMasked,
            ticketNumber: row.ticket_number ?? '',
            clinic: refs.clinic(row.location_id),
            answerBy: row.answer_by.toISOString(),
            overdue: row.answer_by <= unit.now,
            proposals: proposals.get(row.id) ?? [],
          },
        ];
      }),
      now: unit.now.toISOString(),
    };
  });
