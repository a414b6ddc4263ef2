import { AppError, AppointmentId, ScheduleChangeId, SlotId } from '@cloud-hospital/protocol';
import type { Proposal, ScheduleChange } from '@cloud-hospital/protocol/rest';
import type { ProposalKind } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { loadRefs } from '../../store/refs.ts';
import { assertVisibleAppointment } from '../booking/visibility.ts';
import { hiddenError } from '../denied.ts';

interface ProposalRow {
  change_id: string;
  slot_id: string;
  kind: ProposalKind;
  practitioner_role_id: string;
  start: Date;
  end: Date;
}

/** What these cases have to offer now, by case: the substitute first, then by nearness to the old time. */
export async function proposalsOf(unit: Unit, changeIds: readonly string[]): Promise<Map<string, Proposal[]>> {
  const { rows } = await sql<ProposalRow>`
    SELECT change.id AS change_id, slot.id AS slot_id, proposal.kind, slot.practitioner_role_id,
      lower(slot.period) AS start, upper(slot.period) AS end
    FROM schedule_change AS change
    JOIN schedule_change_proposal AS proposal ON proposal.schedule_change_id = change.id AND proposal.gone_at IS NULL
    JOIN slot ON slot.id = proposal.slot_id
    JOIN appointment ON appointment.id = change.appointment_id
    WHERE change.id = ANY (${[...changeIds]}::uuid[]) AND change.status = 'open'
    ORDER BY proposal.kind DESC, abs(extract(epoch FROM lower(slot.period) - lower(appointment.period))), slot.id`.execute(
    unit.tx,
  );
  const refs = await loadRefs(unit.tx, { specialists: rows.map((row) => row.practitioner_role_id) }, unit.now);
  const byChange = new Map<string, Proposal[]>();
  for (const row of rows) {
    const proposals = byChange.get(row.change_id) ?? [];
    proposals.push({
      slotId: SlotId.parse(row.slot_id),
      kind: row.kind,
      start: row.start.toISOString(),
      end: row.end.toISOString(),
      specialist: refs.specialist(row.practitioner_role_id),
    });
    byChange.set(row.change_id, proposals);
  }
  return byChange;
}

/**
 * The newest case of an appointment that the actor may see: residents and clinic staff as they see the appointment itself,
 * coordinators those of their hospital.
 * @throws AppError NOT_FOUND when there is none, or the appointment isn't theirs
 */
export async function assertVisibleChange(unit: Unit, actor: Actor, action: string, appointmentId: string) {
  if (actor.role !== 'coordinator') await assertVisibleAppointment(unit, actor, action, appointmentId);
  const change = await unit.tx
    .selectFrom('schedule_change')
    .selectAll()
    .where('appointment_id', '=', appointmentId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .executeTakeFirst();
  if (change === undefined) throw new AppError('NOT_FOUND');
  if (actor.role === 'coordinator' && change.organization_id !== actor.organizationId) {
    throw hiddenError(true, {
      action,
      entityKind: 'Appointment',
      entityId: appointmentId,
      patientId: change.patient_id,
    });
  }
  return change;
}

export type VisibleChange = Awaited<ReturnType<typeof assertVisibleChange>>;

export const describeChange = async (unit: Unit, change: VisibleChange): Promise<ScheduleChange> => ({
  scheduleChangeId: ScheduleChangeId.parse(change.id),
  appointmentId: AppointmentId.parse(change.appointment_id),
  status: change.status,
  cause: change.cause,
  answerBy: change.answer_by.toISOString(),
  proposals: (await proposalsOf(unit, [change.id])).get(change.id) ?? [],
  newAppointmentId: change.new_appointment_id === null ? null : AppointmentId.parse(change.new_appointment_id),
  now: unit.now.toISOString(),
});
