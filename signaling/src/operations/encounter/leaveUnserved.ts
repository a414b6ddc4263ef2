import type { Unit } from '../../store/command.ts';
import { lockAppointment, lockSlots, moveAppointment } from '../booking/change.ts';
import { freeSlot } from '../booking/freeSlot.ts';
import { withdrawVisit } from '../queue/withdrawVisit.ts';

/** Why somebody who was checked in leaves without a consultation. */
export type UnservedReason = 'patient-left' | 'not-served' | 'no-show';

/**
 * Ends a visit before it began: the place in the queue, the visit and its appointment, together.
 * @throws AppError INVALID_TRANSITION once the specialist is calling or the consultation began
 */
export async function leaveUnserved(unit: Unit, encounterId: string, reason: UnservedReason): Promise<void> {
  const appointment = await unit.tx
    .selectFrom('appointment')
    .innerJoin('encounter', 'encounter.appointment_id', 'appointment.id')
    .select(['appointment.id', 'appointment.slot_id'])
    .where('encounter.id', '=', encounterId)
    .executeTakeFirst();
  // Whoever checked in has a slot.
  const slotId = appointment?.slot_id ?? null;
  if (slotId !== null) await lockSlots(unit.tx, [slotId]);
  await withdrawVisit(unit, encounterId, reason);
  if (appointment === undefined || slotId === null) return;
  const locked = await lockAppointment(unit.tx, appointment.id);
  if (locked?.status !== 'checked-in') return;
  if (reason === 'no-show') {
    // The slot stays busy: its time is over.
    await moveAppointment(unit, locked, 'noshow');
    return;
  }
  await moveAppointment(unit, locked, 'cancelled', {
    cancelled_by: reason === 'patient-left' ? 'patient' : 'system',
    cancellation_reason: reason === 'patient-left' ? 'patient-request' : 'other',
  });
  await freeSlot(unit, slotId);
}

/**
 * Job `encounter.close-day`: the day is over and this person was never called. Otherwise they would stand first in
 * tomorrow's queue, and their empty chair would be called.
 * @returns false when the consultation began, was parked, or ended meanwhile
 */
export async function closeDay(unit: Unit, encounterId: string): Promise<boolean> {
  const waiting = await unit.tx
    .selectFrom('encounter')
    .innerJoin('queue_entry', 'queue_entry.encounter_id', 'encounter.id')
    .select('encounter.patient_id')
    .where('encounter.id', '=', encounterId)
    .where('encounter.status', '=', 'arrived')
    .where('queue_entry.state', '=', 'waiting')
    .executeTakeFirst();
  if (waiting === undefined) return false;
  await leaveUnserved(unit, encounterId, 'not-served');
  unit.audit({
    action: 'encounter:close-day',
    entityKind: 'Encounter',
    entityId: encounterId,
    patientId: waiting.patient_id,
    reason: 'not-served',
  });
  return true;
}
