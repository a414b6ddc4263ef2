import { AppError, QueueId } from '@cloud-hospital/protocol';
import { AVAILABILITY_TRANSITIONS, type Availability, canTransition } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';

const TURN_SOON_AFTER_MS = 2_000;

/** A queue whose row this transaction has locked: nobody else moves its entries meanwhile. */
export interface LockedQueue {
  readonly id: string;
  readonly practitionerRoleId: string;
  readonly organizationId: string | null;
  readonly availability: Availability;
}

/** Locks a specialist's queue; makes it at first use. */
export async function lockQueueOf(unit: Unit, practitionerRoleId: string): Promise<LockedQueue> {
  const lock = () =>
    unit.tx
      .selectFrom('queue')
      .innerJoin('availability', 'availability.practitioner_role_id', 'queue.practitioner_role_id')
      .innerJoin('practitioner_role', 'practitioner_role.id', 'queue.practitioner_role_id')
      .select(['queue.id', 'availability.state', 'practitioner_role.organization_id'])
      .where('queue.practitioner_role_id', '=', practitionerRoleId)
      .forUpdate('queue')
      .executeTakeFirst();
  let row = await lock();
  if (row === undefined) {
    await unit.tx
      .insertInto('queue')
      .values({ kind: 'specialist', practitioner_role_id: practitionerRoleId })
      .onConflict((conflict) => conflict.column('practitioner_role_id').doNothing())
      .execute();
    await unit.tx
      .insertInto('availability')
      .values({ practitioner_role_id: practitionerRoleId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    row = await lock();
  }
  if (row === undefined) throw new AppError('INTERNAL', { reason: 'queue could not be made' });
  // Read anew: the joined row is from before the wait for the lock.
  const { state } = await unit.tx
    .selectFrom('availability')
    .select('state')
    .where('practitioner_role_id', '=', practitionerRoleId)
    .executeTakeFirstOrThrow();
  return { id: row.id, practitionerRoleId, organizationId: row.organization_id, availability: state };
}

/** Locks the queue that holds this visit's entry. */
export async function lockQueueOfEncounter(unit: Unit, encounterId: string): Promise<LockedQueue | undefined> {
  const found = await unit.tx
    .selectFrom('encounter')
    .select('practitioner_role_id')
    .where('id', '=', encounterId)
    .executeTakeFirst();
  return found === undefined ? undefined : lockQueueOf(unit, found.practitioner_role_id);
}

/** Tells whoever shows this queue. Call once for each transaction that changed any of its entries. */
export async function bumpQueue(unit: Unit, queue: LockedQueue): Promise<void> {
  const { version } = await unit.tx
    .updateTable('queue')
    .set({ version: sql<string>`version + 1` })
    .where('id', '=', queue.id)
    .returning('version')
    .executeTakeFirstOrThrow();
  const board = queue.organizationId === null ? [] : [topic.organization(queue.organizationId)];
  unit.emit([topic.practitionerRole(queue.practitionerRoleId), ...board], 'queue:changed', {
    queueId: QueueId.parse(queue.id),
    version: Number(version),
  });
  // A little later, so that a call and its answer are one.
  unit.schedule({
    kind: 'queue.turn-soon',
    subjectId: queue.id,
    dueAt: new Date(unit.now.getTime() + TURN_SOON_AFTER_MS),
  });
}

/** Moves the specialist's availability by the table; the same state again changes only `break_until`. */
export async function moveAvailability(
  unit: Unit,
  queue: LockedQueue,
  to: Availability,
  breakUntil: Date | null = null,
): Promise<void> {
  if (queue.availability !== to && !canTransition(AVAILABILITY_TRANSITIONS, queue.availability, to)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Availability', from: queue.availability, to });
  }
  const { version } = await unit.tx
    .updateTable('availability')
    .set((eb) => ({ state: to, break_until: breakUntil, changed_at: unit.now, version: eb('version', '+', 1) }))
    .where('practitioner_role_id', '=', queue.practitionerRoleId)
    .returning('version')
    .executeTakeFirstOrThrow();
  unit.emit([topic.practitionerRole(queue.practitionerRoleId)], 'availability:changed', { version });
}
