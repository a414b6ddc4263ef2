import type { AppointmentStatus, ScheduleChangeCause, SlotStatus } from '@cloud-hospital/protocol/states';
import { PractitionerRoleId } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { dayBounds, startOfDay } from '../../domain/localTime.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { makePlannedSlots } from '../../store/ensureSlots.ts';
import { lockAppointment, moveAppointment } from '../booking/change.ts';
import { endOffer } from '../booking/waitlist/endOffer.ts';
import { openScheduleChange, withdrawScheduleChange } from './openChange.ts';
import type { ScheduleServices } from './ScheduleServices.ts';

export interface PlanScope {
  /** Null: every specialist. */
  readonly practitionerRoleId: string | null;
  readonly first: string;
  readonly last: string;
  readonly cause: ScheduleChangeCause;
}

export interface PlanEffect {
  /** Ids of booked appointments whose time went. */
  readonly affected: string[];
  readonly slotsAdded: number;
  readonly slotsRemoved: number;
  /** Appointments that have their time back. */
  readonly restored: number;
}

interface Row {
  id: string;
  status: SlotStatus;
  planned: boolean;
  practitioner_role_id: string;
  organization_id: string | null;
  appointment_id: string | null;
  appointment_status: AppointmentStatus | null;
}

/** The coming slots of the scope, locked in the order everybody locks them, with who has them and whether they are planned. */
async function lockComingSlots(unit: Unit, { practitionerRoleId, first, last }: PlanScope): Promise<Row[]> {
  const { rows: locked } = await sql<{ id: string }>`
    SELECT id FROM slot
    WHERE (${practitionerRoleId}::uuid IS NULL OR practitioner_role_id = ${practitionerRoleId}::uuid)
      AND lower(period) > now() AND lower(period) >= ${startOfDay(first)} AND lower(period) < ${dayBounds(last).end}
    ORDER BY id FOR UPDATE`.execute(unit.tx);
  // A statement of its own: what somebody committed while we waited for the locks is seen now.
  const { rows } = await sql<Row>`
    WITH plan AS MATERIALIZED (
      SELECT DISTINCT practitioner_role_id, start_at, end_at
      FROM planned_slots(${first}::date, ${last}::date, ${practitionerRoleId}::uuid)
    )
    SELECT slot.id, slot.status, plan.start_at IS NOT NULL AS planned, slot.practitioner_role_id, role.organization_id,
      appointment.id AS appointment_id, appointment.status AS appointment_status
    FROM slot
    JOIN practitioner_role AS role ON role.id = slot.practitioner_role_id
    LEFT JOIN plan ON plan.practitioner_role_id = slot.practitioner_role_id
      AND plan.start_at = lower(slot.period) AND plan.end_at = upper(slot.period)
    LEFT JOIN appointment ON appointment.slot_id = slot.id AND appointment.status IN ('pending', 'booked', 'checked-in')
    WHERE slot.id = ANY (${locked.map((row) => row.id)}::uuid[])
    ORDER BY lower(slot.period), slot.id`.execute(unit.tx);
  return rows;
}

/** Takes slots out of the schedule, whoever has them. */
async function takeOut(unit: Unit, slotIds: readonly string[]): Promise<void> {
  await sql`UPDATE slot SET status = 'busy-unavailable', version = version + 1
    WHERE id = ANY (${[...slotIds]}::uuid[]) AND status <> 'busy-unavailable'`.execute(unit.tx);
}

/**
 * Puts slots back, except where another one of the same specialist has taken that time since.
 * @returns the ids of those that are back
 */
async function putBack(unit: Unit, slotIds: readonly string[], status: 'free' | 'busy'): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    UPDATE slot SET status = ${status}, version = version + 1, freed_at = now()
    WHERE id = ANY (${[...slotIds]}::uuid[]) AND status = 'busy-unavailable' AND NOT EXISTS (
      SELECT FROM slot AS other
      WHERE other.practitioner_id = slot.practitioner_id AND other.period && slot.period
        AND other.id <> slot.id AND other.status <> 'busy-unavailable')
    RETURNING id`.execute(unit.tx);
  return new Set(rows.map((row) => row.id));
}

/** Somebody was still choosing: their hold ends, and their page says so. The slot is locked. */
async function endHold(unit: Unit, appointmentId: string): Promise<void> {
  const hold = await lockAppointment(unit.tx, appointmentId);
  if (hold?.status !== 'pending') return;
  // An offer of the waiting list: the place on it stays.
  if (hold.waitlistedAt !== null) {
    await endOffer(unit, hold, 'declined');
    return;
  }
  await moveAppointment(unit, hold, 'cancelled', {
    cancelled_by: 'hospital',
    cancellation_reason: 'schedule-changed',
  });
  unit.cancelJobs('appointment.hold-expiry', hold.id);
  unit.audit({
    action: 'appointment:end-hold',
    entityKind: 'Appointment',
    entityId: hold.id,
    patientId: hold.patientId,
    reason: 'schedule-changed',
  });
}

/**
 * Makes the coming slots what the plan says now, after templates, exceptions or the calendar were changed in this
 * transaction. Free slots that are no longer planned become unavailable, holds on them end; booked ones become unavailable
 * as well, and each of their appointments gets a case that somebody answers: it is never cancelled silently. What was
 * taken out and is planned again comes back, its appointment included. The schedules must be locked (`lockSchedules`).
 */
export async function applyPlan(services: ScheduleServices, unit: Unit, scope: PlanScope): Promise<PlanEffect> {
  const rows = await lockComingSlots(unit, scope);
  const gone = rows.filter((row) => !row.planned && row.status !== 'busy-unavailable');
  const back = rows.filter((row) => row.planned && row.status === 'busy-unavailable');
  await takeOut(
    unit,
    gone.map((row) => row.id),
  );
  const affected: string[] = [];
  for (const { appointment_id: appointmentId } of gone) {
    if (appointmentId === null) continue;
    await endHold(unit, appointmentId);
    const appointment = await lockAppointment(unit.tx, appointmentId);
    if (appointment?.status !== 'booked' && appointment?.status !== 'checked-in') continue;
    await openScheduleChange(services, unit, appointment, scope.cause);
    affected.push(appointmentId);
  }
  const taken = back.filter((row) => row.appointment_id !== null);
  const takenBack = await putBack(
    unit,
    taken.map((row) => row.id),
    'busy',
  );
  for (const row of taken) {
    if (row.appointment_id === null || !takenBack.has(row.id)) continue;
    const appointment = await lockAppointment(unit.tx, row.appointment_id);
    if (appointment !== undefined) await withdrawScheduleChange(services, unit, appointment);
  }
  const freed = await putBack(
    unit,
    back.flatMap((row) => (row.appointment_id === null ? [row.id] : [])),
    'free',
  );
  const made = await makePlannedSlots(unit.tx, scope, scope.practitionerRoleId);
  announce(unit, scope, rows);
  return { affected, slotsAdded: made + freed.size, slotsRemoved: gone.length, restored: takenBack.size };
}

function announce(unit: Unit, scope: PlanScope, rows: readonly Row[]): void {
  const hospitals = new Map(rows.map((row) => [row.practitioner_role_id, row.organization_id]));
  if (scope.practitionerRoleId !== null && !hospitals.has(scope.practitionerRoleId)) {
    hospitals.set(scope.practitionerRoleId, null);
  }
  for (const [practitionerRoleId, organizationId] of hospitals) {
    unit.emit(
      [
        topic.practitionerRole(practitionerRoleId),
        ...(organizationId === null ? [] : [topic.organization(organizationId)]),
      ],
      'schedule:changed',
      { practitionerRoleId: PractitionerRoleId.parse(practitionerRoleId) },
    );
  }
}
