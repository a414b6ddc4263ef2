import type { CancellationReason } from '@cloud-hospital/protocol/states';
import type { Unit } from '../../../store/command.ts';
import { notify } from '../../inbox/notify.ts';
import { announceWaitlist } from './announce.ts';

export interface LockedWaiter {
  readonly id: string;
  readonly patientId: string;
  readonly practitionerRoleId: string;
  readonly version: number;
}

/** Locks somebody who waits on the list; an offer in hand is an appointment already. */
export async function lockWaiter(unit: Unit, appointmentId: string): Promise<LockedWaiter | undefined> {
  return unit.tx
    .selectFrom('appointment')
    .select(['id', 'patient_id as patientId', 'practitioner_role_id as practitionerRoleId', 'version'])
    .where('id', '=', appointmentId)
    .where('status', '=', 'waitlist')
    .forUpdate()
    .executeTakeFirst();
}

/** Ends a place on the list. */
export async function endWaiting(
  unit: Unit,
  waiter: LockedWaiter,
  by: 'patient' | 'clinic' | 'system',
  reason: CancellationReason,
): Promise<void> {
  await unit.tx
    .updateTable('appointment')
    .set({
      status: 'cancelled',
      cancelled_by: by,
      cancellation_reason: reason,
      version: waiter.version + 1,
      updated_at: unit.now,
    })
    .where('id', '=', waiter.id)
    .execute();
  unit.cancelJobs('waitlist.end', waiter.id);
  await announceWaitlist(unit, waiter.practitionerRoleId, waiter.patientId);
  unit.audit({
    action: 'waitlist:leave',
    entityKind: 'Appointment',
    entityId: waiter.id,
    patientId: waiter.patientId,
    reason,
  });
}

/** Tells somebody whose place ended without their doing. */
export async function tellWaitingEnded(unit: Unit, appointmentId: string): Promise<void> {
  const found = await unit.tx
    .selectFrom('appointment')
    .innerJoin('practitioner', 'practitioner.id', 'appointment.practitioner_id')
    .innerJoin('patient', 'patient.id', 'appointment.patient_id')
    .select(['practitioner.name as specialist', 'patient.account_id', 'patient.phone'])
    .where('appointment.id', '=', appointmentId)
    .executeTakeFirstOrThrow();
  await notify(unit, {
    kind: 'waitlist-ended',
    params: { specialist: found.specialist },
    accountId: found.account_id,
    phone: found.phone,
    subjectId: appointmentId,
    dedupeKey: `waitlist-ended:${appointmentId}`,
  });
}

/**
 * Job `waitlist.end`: the last day has passed. An offer in hand runs out by itself, and is followed by this again.
 * @returns false when they left before
 */
export async function endOverdueWaiting(unit: Unit, appointmentId: string): Promise<boolean> {
  const waiter = await lockWaiter(unit, appointmentId);
  if (waiter === undefined) return false;
  await endWaiting(unit, waiter, 'system', 'waitlist-over');
  await tellWaitingEnded(unit, appointmentId);
  return true;
}
