import { AppError } from '@cloud-hospital/protocol';
import type { EncounterOutcome } from '@cloud-hospital/protocol/states';
import type { Unit } from '../../store/command.ts';
import { lockAppointment, moveAppointment } from '../booking/change.ts';
import { announceCallEnd } from '../queue/endCall.ts';
import { bumpQueue, type LockedQueue, moveAvailability } from '../queue/lockQueue.ts';
import { endRecording } from '../recording/end.ts';
import { activeEntryOf, moveEntry } from '../queue/moveEntry.ts';
import { type LockedEncounter, moveEncounter } from './changeEncounter.ts';
import { closeRoom } from './closeRoom.ts';
import { setTerminalInCall } from './terminalStatus.ts';

/**
 * Ends a consultation that began: visit, place, appointment, room and the specialist's call, together.
 * @throws AppError INVALID_TRANSITION when it never began or is over
 */
export async function concludeEncounter(
  unit: Unit,
  queue: LockedQueue,
  encounter: LockedEncounter,
  outcome: EncounterOutcome,
): Promise<void> {
  const entry = await activeEntryOf(unit, queue, encounter.id);
  let running = encounter;
  // Answered, yet no media ever connected (they spoke by phone, say): it began with the answer.
  if (running.status === 'arrived' && entry?.state === 'serving') {
    running = await moveEncounter(unit, running, 'in-progress', { started_at: entry.answeredAt ?? unit.now });
  }
  const inCall = entry !== undefined && entry.state !== 'waiting';
  if (entry?.state === 'called') {
    throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: 'called', to: 'done' });
  }
  await moveEncounter(unit, running, 'finished', { outcome, ended_at: unit.now, onleave_at: null });
  if (entry !== undefined) {
    await moveEntry(unit, entry, inCall ? 'done' : 'left', {
      ended_at: unit.now,
      ...(inCall ? {} : { last_reason: outcome === 'patient-left' ? 'patient-left' : 'dropped' }),
    });
  }
  await endRecording(unit, encounter.id, 'ended');
  await closeRoom(unit, encounter.id);
  await setTerminalInCall(unit, encounter.deviceId, false);
  if (inCall && queue.availability === 'in-call') await moveAvailability(unit, queue, 'available');
  unit.cancelJobs('encounter.park', encounter.id);
  unit.cancelJobs('encounter.interrupt', encounter.id);
  await bumpQueue(unit, queue);
  announceCallEnd(
    unit,
    {
      encounterId: encounter.id,
      deviceId: encounter.deviceId,
      locationId: encounter.locationId,
      practitionerRoleId: queue.practitionerRoleId,
    },
    'finished',
  );
  if (encounter.appointmentId !== null) {
    const appointment = await lockAppointment(unit.tx, encounter.appointmentId);
    if (appointment?.status === 'checked-in') await moveAppointment(unit, appointment, 'fulfilled');
  }
}
