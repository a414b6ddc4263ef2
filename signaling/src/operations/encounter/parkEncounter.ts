import type { Config } from '../../config.ts';
import type { Unit } from '../../store/command.ts';
import { announceCallEnd } from '../queue/endCall.ts';
import { endRecording } from '../recording/end.ts';
import { bumpQueue, lockSpecialistOfEncounter, moveAvailability } from '../queue/lockQueue.ts';
import { activeEntryOf, moveEntry, NO_LEASE } from '../queue/moveEntry.ts';
import { lockEncounter, moveEncounter, touchEncounter } from './changeEncounter.ts';
import { setTerminalInCall } from './terminalStatus.ts';

/** `dropped`: nobody was left in the room. `resumed-later`: the terminal hung up. */
export type ParkReason = 'dropped' | 'resumed-later';

/**
 * An answered call without participants, or one the terminal left: the visit is parked and its entry goes to the head
 * of the queue. Only the specialist (or, after INTERRUPT_AFTER_SECONDS, a job) ends it.
 * @returns false when no answered call runs
 */
export async function parkEncounter(
  unit: Unit,
  encounterId: string,
  config: Pick<Config, 'INTERRUPT_AFTER_SECONDS'>,
  reason: ParkReason = 'dropped',
): Promise<boolean> {
  const queue = await lockSpecialistOfEncounter(unit, encounterId);
  if (queue === undefined) return false;
  const entry = await activeEntryOf(unit, queue, encounterId);
  const encounter = await lockEncounter(unit, encounterId);
  if (entry?.state !== 'serving' || encounter === undefined) return false;
  await moveEntry(unit, entry, 'waiting', { ...NO_LEASE, returned_at: unit.now, last_reason: reason });
  // Answered, but the media never came up: the visit has not begun and simply waits on.
  if (encounter.status === 'in-progress') {
    await moveEncounter(unit, encounter, 'onleave', { onleave_at: unit.now });
    unit.schedule({
      kind: 'encounter.interrupt',
      subjectId: encounterId,
      dueAt: new Date(unit.now.getTime() + config.INTERRUPT_AFTER_SECONDS * 1000),
    });
  } else {
    await touchEncounter(unit, encounter);
  }
  await unit.tx
    .updateTable('room')
    .set({ held_at: null, held_by: null })
    .where('encounter_id', '=', encounterId)
    .execute();
  await unit.tx
    .updateTable('participant')
    .set({ rights: 'parked' })
    .where('encounter_id', '=', encounterId)
    .where('rights', '=', 'active')
    .execute();
  await endRecording(unit, encounterId, 'ended');
  await setTerminalInCall(unit, entry.deviceId, false);
  if (queue.availability === 'in-call') await moveAvailability(unit, queue, 'available');
  unit.cancelJobs('encounter.park', encounterId);
  await bumpQueue(unit, queue);
  announceCallEnd(unit, { ...entry, practitionerRoleId: queue.practitionerRoleId }, 'parked');
  unit.audit({
    action: 'encounter:park',
    entityKind: 'Encounter',
    entityId: encounterId,
    patientId: encounter.patientId,
    reason,
  });
  return true;
}
