import { AppError, EncounterId } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { type LockedEncounter, touchEncounter } from '../encounter/changeEncounter.ts';
import { assertConsent } from '../encounter/assertConsent.ts';
import { setTerminalInCall } from '../encounter/terminalStatus.ts';
import { lockVisibleEncounter } from '../encounter/visibility.ts';
import { assertSpecialistQueue, bumpQueue } from './lockQueue.ts';
import { activeEntryOf, type LockedEntry, moveEntry } from './moveEntry.ts';

/** What the media side needs to know about the call that was just answered. */
export interface AnsweredCall {
  readonly encounterId: string;
  readonly queueEntryId: string;
  readonly patientId: string;
  readonly practitionerRoleId: string;
  readonly locationId: string;
  /** Null: the resident's own phone. */
  readonly deviceId: string | null;
  readonly roomId: string;
  readonly answeredAt: Date;
  /** Only the first answer changed anything; another one of the same terminal gets the same facts. */
  readonly first: boolean;
}

/** A call by phone rings at whatever phone may act in the visit, any other at its one terminal. */
export const ringsHere = (actor: Actor, encounter: Pick<LockedEncounter, 'byPhone'>, entry: LockedEntry): boolean =>
  encounter.byPhone ? actor.role === 'resident' : entry.deviceId !== null && actor.deviceId === entry.deviceId;

/**
 * The ringing terminal or phone takes the call: the entry is served under the lease of this call. Raising the peers' rights is
 * the caller's, in the same transaction or after it.
 * @throws AppError NOT_FOUND (foreign, or another terminal than the one that rings), INVALID_TRANSITION when the call is
 * over or its lease has run out, CONSENT_REQUIRED when consent was withdrawn while it rang
 */
export async function answerCall(unit: Unit, actor: Actor, encounterId: string): Promise<AnsweredCall> {
  const { queue: found, encounter } = await lockVisibleEncounter(unit, actor, 'call:answer', encounterId);
  const queue = assertSpecialistQueue(found);
  const entry = await activeEntryOf(unit, queue, encounterId);
  if (entry === undefined || !ringsHere(actor, encounter, entry)) {
    throw new AppError('NOT_FOUND');
  }
  const { id: roomId } = await unit.tx
    .selectFrom('room')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .executeTakeFirstOrThrow();
  const facts = {
    encounterId,
    queueEntryId: entry.id,
    patientId: entry.patientId,
    practitionerRoleId: queue.practitionerRoleId,
    locationId: entry.locationId,
    deviceId: entry.deviceId,
    roomId,
  };
  if (entry.state === 'serving' && entry.answeredAt !== null) {
    return { ...facts, answeredAt: entry.answeredAt, first: false };
  }
  if (entry.state !== 'called' || entry.leaseExpiresAt === null || entry.leaseExpiresAt <= unit.now) {
    throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'serving' });
  }
  await assertConsent(unit, encounterId);
  await moveEntry(unit, entry, 'serving', {
    answered_at: unit.now,
    returned_at: null,
    last_reason: null,
    pool_id: null,
  });
  unit.cancelJobs('call.ring-timeout', entry.id);
  await touchEncounter(unit, encounter);
  await setTerminalInCall(unit, entry.deviceId, true);
  await bumpQueue(unit, queue);
  unit.emit(
    [
      topic.practitionerRole(queue.practitionerRoleId),
      topic.location(entry.locationId),
      topic.phone(encounterId),
      ...(entry.deviceId === null ? [] : [topic.device(entry.deviceId)]),
    ],
    'call:answered',
    { encounterId: EncounterId.parse(encounterId), answeredAt: unit.now.toISOString() },
  );
  unit.audit({
    action: 'call:answer',
    entityKind: 'Encounter',
    entityId: encounterId,
    patientId: entry.patientId,
  });
  return { ...facts, answeredAt: unit.now, first: true };
}
