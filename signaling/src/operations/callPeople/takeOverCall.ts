import { randomUUID } from 'node:crypto';
import { AppError, EncounterId } from '@cloud-hospital/protocol';
import { isSystem } from '../../domain/Actor.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { exchangeTopics } from '../exchange/openVisit.ts';
import { assertTakesVisit } from '../phoneVisit/assertPhoneVisits.ts';
import {
  type AnyLockedQueue,
  bumpQueue,
  type LockedQueue,
  lockQueueOf,
  lockQueues,
  moveAvailability,
} from '../queue/lockQueue.ts';
import { activeEntryOf, currentCallOf } from '../queue/moveEntry.ts';
import { assertNoCall } from '../queue/ownQueue.ts';
import { assignSpecialist, moveToQueue } from '../queue/pool.ts';
import { type LockedInvitation, lockInvitation, moveInvitation } from './invitations.ts';

/** An opinion that was asked before ends with taking the call over. */
async function endOpinion(unit: Unit, roleId: string, encounterId: string): Promise<void> {
  const taken = await unit.tx
    .selectFrom('call_invitation')
    .select(['id', 'encounter_id'])
    .where('to_role_id', '=', roleId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  if (taken === undefined) return;
  if (taken.encounter_id !== encounterId) throw new AppError('ALREADY_CALLED', { encounterId: taken.encounter_id });
  const opinion = await lockInvitation(unit, taken.id);
  if (opinion !== undefined) await moveInvitation(unit, opinion, 'ended');
}

/**
 * The running call goes on with another responsible specialist: entry, visit, seat and both availabilities change
 * together; room, terminal, note draft and everybody else stay. Locks both queues.
 * @returns what does it once the invitation is locked, too
 * @throws AppError INVALID_TRANSITION when the call isn't running, ALREADY_CALLED while the new one is in a call, NO_PHONE_VISITS
 */
export async function takeOverCall(
  unit: Unit,
  encounterId: string,
  toRoleId: string,
): Promise<(invitation: LockedInvitation) => Promise<void>> {
  const current = await unit.tx
    .selectFrom('queue_entry')
    .select('queue_id')
    .where('encounter_id', '=', encounterId)
    .where('state', '=', 'serving')
    .executeTakeFirst();
  const target = await unit.tx
    .selectFrom('queue')
    .select('id')
    .where('practitioner_role_id', '=', toRoleId)
    .executeTakeFirst();
  const toQueueId = target?.id ?? (await lockQueueOf(unit, toRoleId)).id;
  const queues = current === undefined ? undefined : await lockQueues(unit, [current.queue_id, toQueueId]);
  const [from, to] = [queues?.get(current?.queue_id ?? ''), queues?.get(toQueueId)];
  const entry = from === undefined ? undefined : await activeEntryOf(unit, from, encounterId);
  const isSpecialists = (queue: AnyLockedQueue | undefined): queue is LockedQueue =>
    queue !== undefined && queue.practitionerRoleId !== null;
  if (entry?.state !== 'serving' || !isSpecialists(from) || !isSpecialists(to) || from === to) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Call', reason: 'not-running' });
  }
  assertNoCall(await currentCallOf(unit, to));
  // The switch may have been turned since it was asked.
  await assertTakesVisit(unit, encounterId, to.practitionerRoleId);
  return async (invitation) => {
    if (invitation.fromRoleId !== from.practitionerRoleId) {
      throw new AppError('INVALID_TRANSITION', { entity: 'Call', reason: 'not-running' });
    }
    await endOpinion(unit, to.practitionerRoleId, encounterId);
    await moveToQueue(unit, entry.id, to.id, { pool_id: null });
    await unit.tx
      .updateTable('queue_entry')
      .set({ called_by: to.practitionerRoleId, lease_token: randomUUID() })
      .where('id', '=', entry.id)
      .execute();
    await assignSpecialist(unit, encounterId, to.practitionerRoleId);
    const { agent } = unit;
    await unit.tx
      .insertInto('queue_transfer')
      .values({
        queue_entry_id: entry.id,
        from_queue_id: from.id,
        to_queue_id: to.id,
        reason: invitation.reason ?? 'other',
        by_role: agent.role,
        by_account: isSystem(agent) ? null : agent.userId,
      })
      .execute();
    if (from.availability === 'in-call') await moveAvailability(unit, from, 'available');
    // The opinion's end freed them: read anew, the queue's row is locked.
    const again = await lockQueueOf(unit, to.practitionerRoleId);
    if (again.availability === 'off') await moveAvailability(unit, again, 'available');
    const isThere = again.availability === 'off' ? { ...again, availability: 'available' as const } : again;
    await moveAvailability(unit, isThere, 'in-call');
    await bumpQueue(unit, from);
    await bumpQueue(unit, to);
    unit.emit(
      [...(await exchangeTopics(unit, encounterId)), topic.practitionerRole(from.practitionerRoleId)],
      'call:transferred',
      { encounterId: EncounterId.parse(encounterId), specialistName: agent.name },
    );
    await moveInvitation(unit, invitation, 'ended');
  };
}
