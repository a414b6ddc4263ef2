import { AppError } from '@cloud-hospital/protocol';
import type { HandOverReason } from '@cloud-hospital/protocol/rest';
import { isSystem } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { lockEncounter } from '../encounter/changeEncounter.ts';
import { notify } from '../inbox/notify.ts';
import { assertPhoneVisits } from '../phoneVisit/assertPhoneVisits.ts';
import { type AnyLockedQueue, bumpQueue, lockQueues } from './lockQueue.ts';
import { type LockedEntry, lockedEntry } from './moveEntry.ts';
import { assignSpecialist, moveToQueue } from './pool.ts';

export interface Transfer {
  readonly entryId: string;
  readonly fromQueueId: string;
  readonly toQueueId: string;
  readonly reason: HandOverReason;
  /** What the client saw of the entry; null: whatever it is now. */
  readonly version: number | null;
}

/** Tells the resident by message; the pages hear it from the queues. */
async function tellResident(unit: Unit, entry: LockedEntry, to: AnyLockedQueue): Promise<void> {
  const facts = await unit.tx
    .selectFrom('queue_entry')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .innerJoin('patient', 'patient.id', 'queue_entry.patient_id')
    .leftJoin('practitioner', 'practitioner.id', 'encounter.practitioner_id')
    .select([
      'encounter.ticket_number',
      'encounter.version',
      'encounter.by_phone',
      'patient.account_id',
      'patient.phone',
      'practitioner.name as specialist',
    ])
    .where('queue_entry.id', '=', entry.id)
    .executeTakeFirstOrThrow();
  const notice = {
    accountId: facts.account_id,
    phone: facts.phone,
    byPhone: facts.by_phone,
    subjectId: entry.id,
    dedupeKey: `handed-over:${entry.id}:${facts.version}`,
  };
  if (to.practitionerRoleId === null || facts.specialist === null) {
    await notify(unit, { ...notice, kind: 'handed-to-pool', params: { ticket: facts.ticket_number } });
  } else {
    const params = { ticket: facts.ticket_number, specialist: facts.specialist };
    await notify(unit, { ...notice, kind: 'handed-over', params });
  }
}

/**
 * Somebody who waits changes over to another queue of the same department, where they stand by their original due time.
 * Locks both queues.
 * @throws AppError NOT_FOUND when it left that queue meanwhile, VERSION_CONFLICT, INVALID_TRANSITION when it doesn't
 * wait, or a consultation that began would come into a pool; NO_PHONE_VISITS
 */
export async function transfer(unit: Unit, { entryId, fromQueueId, toQueueId, ...wish }: Transfer): Promise<void> {
  const queues = await lockQueues(unit, [fromQueueId, toQueueId]);
  const [from, to] = [queues.get(fromQueueId), queues.get(toQueueId)];
  if (from === undefined || to === undefined) throw new AppError('NOT_FOUND');
  if (from === to || from.departmentCode !== to.departmentCode) {
    throw new AppError('BAD_REQUEST', { field: 'practitionerRoleId', reason: 'same-queue-or-other-department' });
  }
  const entry = await lockedEntry(unit, from, entryId);
  if (entry === undefined) throw new AppError('NOT_FOUND');
  if (wish.version !== null && entry.version !== wish.version) throw new AppError('VERSION_CONFLICT');
  const encounter = await lockEncounter(unit, entry.encounterId);
  if (encounter?.byPhone === true) await assertPhoneVisits(unit, to.practitionerRoleId);
  const begun = encounter?.status !== 'arrived';
  if (entry.state !== 'waiting' || (begun && to.practitionerRoleId === null)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'waiting' });
  }
  await moveToQueue(unit, entry.id, to.id, { pool_id: null });
  await unit.tx
    .updateTable('queue_entry')
    .set({ last_reason: 'handed-over', skipped_at: null })
    .where('id', '=', entry.id)
    .execute();
  await assignSpecialist(unit, entry.encounterId, to.practitionerRoleId);
  await unit.tx
    .insertInto('queue_transfer')
    .values({
      queue_entry_id: entry.id,
      from_queue_id: from.id,
      to_queue_id: to.id,
      reason: wish.reason,
      by_role: unit.agent.role,
      by_account: isSystem(unit.agent) ? null : unit.agent.userId,
    })
    .execute();
  await bumpQueue(unit, from);
  await bumpQueue(unit, to);
  await tellResident(unit, entry, to);
  unit.audit({
    action: 'queue:hand-over',
    entityKind: 'Encounter',
    entityId: entry.encounterId,
    patientId: entry.patientId,
    reason: wish.reason,
    details: { from: from.id, to: to.id },
  });
}
