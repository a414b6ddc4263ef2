import { EncounterId } from '@cloud-hospital/protocol';
import type { CallEndReason, QueueEntryReason } from '@cloud-hospital/protocol/states';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { lockEncounter, touchEncounter } from '../encounter/changeEncounter.ts';
import { bumpQueue, type LockedQueue, lockSpecialistOfEncounter, moveAvailability } from './lockQueue.ts';
import { type LockedEntry, lockedEntry, moveEntry, NO_LEASE } from './moveEntry.ts';
import { returnToPool } from './pool.ts';

/** Why a call that nobody answered went back to the queue. */
export type UnansweredReason = Extract<
  QueueEntryReason,
  'no-answer' | 'declined' | 'lease-expired' | 'skipped' | 'call-cancelled'
>;

const END_REASON: Record<UnansweredReason, CallEndReason> = {
  'no-answer': 'no-answer',
  'lease-expired': 'no-answer',
  declined: 'declined',
  skipped: 'cancelled',
  'call-cancelled': 'cancelled',
};

/** Everybody whose screen shows the call: terminal or phone, clinic, specialist. */
export function announceCallEnd(
  unit: Unit,
  call: { encounterId: string; deviceId: string | null; locationId: string; practitionerRoleId: string },
  reason: CallEndReason,
): void {
  const device = call.deviceId === null ? [] : [topic.device(call.deviceId)];
  unit.emit(
    [
      ...device,
      topic.phone(call.encounterId),
      topic.location(call.locationId),
      topic.practitionerRole(call.practitionerRoleId),
    ],
    'call:ended',
    { encounterId: EncounterId.parse(call.encounterId), reason },
  );
}

/**
 * Takes an unanswered call back: the entry keeps its place, in the pool if it came from one. Unless the specialist took it back, "ready" goes too:
 * nobody was there, so the next call should ring for somebody else until staff press "ready" again.
 */
export async function takeCallBack(
  unit: Unit,
  queue: LockedQueue,
  entry: LockedEntry,
  reason: UnansweredReason,
): Promise<void> {
  await moveEntry(unit, entry, 'waiting', {
    ...NO_LEASE,
    last_reason: reason,
    skipped_at: reason === 'skipped' ? unit.now : null,
  });
  unit.cancelJobs('call.ring-timeout', entry.id);
  const encounter = await lockEncounter(unit, entry.encounterId);
  if (encounter !== undefined) {
    const keepsReady = reason === 'call-cancelled' || reason === 'skipped';
    await touchEncounter(unit, encounter, keepsReady ? {} : { ready_at: null });
  }
  if (entry.poolId !== null) await returnToPool(unit, entry);
  if (queue.availability === 'in-call') await moveAvailability(unit, queue, 'available');
  await bumpQueue(unit, queue);
  announceCallEnd(unit, { ...entry, practitionerRoleId: queue.practitionerRoleId }, END_REASON[reason]);
}

/**
 * Job `call.ring-timeout`, a declined call, and whoever else ends ringing: returns the entry to its place.
 * @param leaseToken of the call that is meant; a call that was answered, ended or made anew meanwhile isn't touched
 * @returns false when that call is over already
 */
export async function returnUnanswered(
  unit: Unit,
  queueEntryId: string,
  leaseToken: string,
  reason: UnansweredReason,
): Promise<boolean> {
  const found = await unit.tx
    .selectFrom('queue_entry')
    .select('encounter_id')
    .where('id', '=', queueEntryId)
    .executeTakeFirst();
  const queue = found === undefined ? undefined : await lockSpecialistOfEncounter(unit, found.encounter_id);
  if (queue === undefined) return false;
  const entry = await lockedEntry(unit, queue, queueEntryId);
  if (entry?.state !== 'called' || entry.leaseToken !== leaseToken) return false;
  await takeCallBack(unit, queue, entry, reason);
  unit.audit({
    action: 'queue:return',
    entityKind: 'Encounter',
    entityId: entry.encounterId,
    patientId: entry.patientId,
    reason,
  });
  return true;
}
