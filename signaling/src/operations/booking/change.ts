import { AppError, AppointmentId } from '@cloud-hospital/protocol';
import {
  APPOINTMENT_TRANSITIONS,
  type AppointmentStatus,
  type CancellationReason,
  type CancelledBy,
  canTransition,
  type NoShowParty,
  SLOT_TRANSITIONS,
  SlotStatus,
} from '@cloud-hospital/protocol/states';
import { type NotNull, sql } from 'kysely';
import { localDate } from '../../domain/localTime.ts';
import { topic } from '../../domain/topics.ts';
import type { Tx } from '../../store/database.ts';
import type { Unit } from '../../store/command.ts';
import { closeScheduleChange } from '../schedule/closeChange.ts';

/**
 * The order in which rows are locked by everything that touches them, so that deadlocks stay rare (the rest is retried):
 * patient → slot → queue → queue entry → encounter → appointment.
 */
export interface LockedAppointment {
  readonly id: string;
  readonly slotId: string;
  readonly patientId: string;
  readonly practitionerRoleId: string;
  readonly locationId: string | null;
  readonly status: AppointmentStatus;
  readonly version: number;
  readonly holdExpiresAt: Date | null;
  readonly ticketNumber: string | null;
  readonly start: Date;
  /** It came over the waiting list: while `pending` it is an offer. */
  readonly waitlistedAt: Date | null;
}

/**
 * Locks one appointment; whoever only waits for a time has none yet. Its slot must be locked already where the slot's
 * status will change.
 */
export async function lockAppointment(tx: Tx, appointmentId: string): Promise<LockedAppointment | undefined> {
  const row = await tx
    .selectFrom('appointment')
    .select([
      'id',
      'slot_id',
      'patient_id',
      'practitioner_role_id',
      'location_id',
      'status',
      'version',
      'hold_expires_at',
      'ticket_number',
      'waitlisted_at',
      sql<Date>`lower(period)`.as('start'),
    ])
    .where('id', '=', appointmentId)
    .where('slot_id', 'is not', null)
    .$narrowType<{ slot_id: NotNull }>()
    .forUpdate()
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : {
        id: row.id,
        slotId: row.slot_id,
        patientId: row.patient_id,
        practitionerRoleId: row.practitioner_role_id,
        locationId: row.location_id,
        status: row.status,
        version: row.version,
        holdExpiresAt: row.hold_expires_at,
        ticketNumber: row.ticket_number,
        start: row.start,
        waitlistedAt: row.waitlisted_at,
      };
}

export interface LockedSlot {
  readonly id: string;
  readonly status: SlotStatus;
  readonly practitionerId: string;
  readonly practitionerRoleId: string;
  readonly start: Date;
  /** Until then only the waiting list may have it. */
  readonly waitlistUntil: Date | null;
  /** tstzrange as text. */
  readonly period: string;
}

/** Locks slots in one order for everybody. */
export async function lockSlots(tx: Tx, slotIds: readonly string[]): Promise<Map<string, LockedSlot>> {
  if (slotIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('slot')
    .select([
      'id',
      'status',
      'practitioner_id',
      'practitioner_role_id',
      'period',
      'waitlist_until',
      sql<Date>`lower(period)`.as('start'),
    ])
    .where('id', 'in', slotIds)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        status: row.status,
        practitionerId: row.practitioner_id,
        practitionerRoleId: row.practitioner_role_id,
        start: row.start,
        waitlistUntil: row.waitlist_until,
        period: row.period,
      },
    ]),
  );
}

/**
 * Moves a locked slot by the table. What frees one is `freeSlot`, which asks the waiting list.
 * @throws AppError INVALID_TRANSITION
 */
export async function moveSlot(tx: Tx, slotId: string, to: Exclude<SlotStatus, 'free'>): Promise<void> {
  const from = SlotStatus.options.filter((status) => canTransition(SLOT_TRANSITIONS, status, to));
  const moved = await tx
    .updateTable('slot')
    .set((eb) => ({ status: to, version: eb('version', '+', 1) }))
    .where('id', '=', slotId)
    .where('status', 'in', from)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) throw new AppError('INVALID_TRANSITION', { entity: 'Slot', to });
}

export interface AppointmentChange {
  readonly hold_expires_at?: Date;
  readonly location_id?: string;
  readonly complaint?: string;
  readonly ticket_number?: string;
  readonly cancelled_by?: CancelledBy;
  readonly cancellation_reason?: CancellationReason;
  readonly noshow_party?: NoShowParty;
  readonly by_phone?: boolean;
}

/** Back on the waiting list there is no time any more. */
const WITHOUT_TIME = { slot_id: null, period: null, hold_expires_at: null } as const;

/** Moves a locked appointment by the table and tells everybody who sees it. */
export async function moveAppointment(
  unit: Unit,
  appointment: LockedAppointment,
  to: AppointmentStatus,
  change: AppointmentChange = {},
): Promise<void> {
  if (!canTransition(APPOINTMENT_TRANSITIONS, appointment.status, to)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Appointment', from: appointment.status, to });
  }
  const version = appointment.version + 1;
  await unit.tx
    .updateTable('appointment')
    .set({ ...change, ...(to === 'waitlist' ? WITHOUT_TIME : {}), status: to, version, updated_at: unit.now })
    .where('id', '=', appointment.id)
    .execute();
  await endScheduleChange(unit, appointment.id, to, change);
  announceAppointment(unit, {
    appointmentId: appointment.id,
    patientId: appointment.patientId,
    practitionerRoleId: appointment.practitionerRoleId,
    locationId: change.location_id ?? appointment.locationId,
    status: to,
    version,
    start: appointment.start,
  });
}

/**
 * An appointment that ends takes its unanswered case of a changed schedule with it. Answers to such a case end the
 * appointment themselves and say how (`schedule-changed`), as does a move to another slot (`rescheduled`).
 */
async function endScheduleChange(
  unit: Unit,
  appointmentId: string,
  to: AppointmentStatus,
  { cancelled_by: by, cancellation_reason: reason }: AppointmentChange,
): Promise<void> {
  if (APPOINTMENT_TRANSITIONS[to].length > 0 || reason === 'schedule-changed' || reason === 'rescheduled') return;
  const given = by === 'patient' || by === 'clinic';
  await closeScheduleChange(unit, appointmentId, {
    status: to === 'fulfilled' ? 'withdrawn' : given ? 'declined' : 'cancelled',
  });
}

export function announceAppointment(
  unit: Unit,
  appointment: {
    appointmentId: string;
    patientId: string;
    practitionerRoleId: string;
    locationId: string | null;
    status: AppointmentStatus;
    version: number;
    start: Date;
  },
): void {
  const { locationId } = appointment;
  const clinic = locationId === null ? [] : [topic.location(locationId)];
  unit.emit([topic.patient(appointment.patientId), ...clinic], 'appointment:changed', {
    appointmentId: AppointmentId.parse(appointment.appointmentId),
    status: appointment.status,
    version: appointment.version,
  });
  // Today's list at the clinic and what is still to come in the specialist's console.
  if (localDate(appointment.start) === localDate(unit.now)) {
    unit.emit([...clinic, topic.practitionerRole(appointment.practitionerRoleId)], 'worklist:changed', {});
  }
}
