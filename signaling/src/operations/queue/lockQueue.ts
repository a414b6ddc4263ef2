import { AppError, QueueId } from '@cloud-hospital/protocol';
import { AVAILABILITY_TRANSITIONS, type Availability, canTransition } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { topic, type Topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';

const TURN_SOON_AFTER_MS = 2_000;

/**
 * Queues are locked in one order: specialists' by id, then pools by id. A specialist's own row is what nearly every
 * command needs, a pool's row is shared by a whole department and held as briefly as can be.
 */

/** A specialist's queue whose row this transaction has locked: nobody else moves its entries meanwhile. */
export interface LockedQueue {
  readonly id: string;
  readonly practitionerRoleId: string;
  readonly organizationId: string | null;
  readonly departmentCode: string | null;
  readonly availability: Availability;
}

/** A department's pool whose row this transaction has locked. */
export interface LockedPool {
  readonly id: string;
  readonly practitionerRoleId: null;
  readonly departmentCode: string;
}

export type AnyLockedQueue = LockedQueue | LockedPool;

/** Locks a specialist's queue; makes it at first use. */
export async function lockQueueOf(unit: Unit, practitionerRoleId: string): Promise<LockedQueue> {
  const lock = () =>
    unit.tx
      .selectFrom('queue')
      .innerJoin('availability', 'availability.practitioner_role_id', 'queue.practitioner_role_id')
      .innerJoin('practitioner_role', 'practitioner_role.id', 'queue.practitioner_role_id')
      .select(['queue.id', 'practitioner_role.organization_id', 'practitioner_role.department_code'])
      .where('queue.practitioner_role_id', '=', practitionerRoleId)
      .forUpdate('queue')
      .executeTakeFirst();
  // Read after the lock, with a look of its own: the joined row may be from before the wait.
  const readState = () =>
    unit.tx
      .selectFrom('availability')
      .select('state')
      .where('practitioner_role_id', '=', practitionerRoleId)
      .executeTakeFirst();
  let [row, availability] = await Promise.all([lock(), readState()]);
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
    [row, availability] = await Promise.all([lock(), readState()]);
  }
  if (row === undefined || availability === undefined) {
    throw new AppError('INTERNAL', { reason: 'queue could not be made' });
  }
  return {
    id: row.id,
    practitionerRoleId,
    organizationId: row.organization_id,
    departmentCode: row.department_code,
    availability: availability.state,
  };
}

/** Locks a department's pool; makes it at first use. */
export async function lockPoolOf(unit: Unit, departmentCode: string): Promise<LockedPool> {
  const lock = () =>
    unit.tx
      .selectFrom('queue')
      .select('id')
      .where('kind', '=', 'pool')
      .where('department_code', '=', departmentCode)
      .forUpdate()
      .executeTakeFirst();
  let row = await lock();
  if (row === undefined) {
    await unit.tx
      .insertInto('queue')
      .values({ kind: 'pool', practitioner_role_id: null, department_code: departmentCode })
      .onConflict((conflict) =>
        // Written out: with a parameter the index isn't recognised once the statement is prepared.
        conflict
          .column('department_code')
          .where('kind', '=', sql.lit('pool' as const))
          .doNothing(),
      )
      .execute();
    row = await lock();
  }
  if (row === undefined) throw new AppError('INTERNAL', { reason: 'pool could not be made' });
  return { id: row.id, practitionerRoleId: null, departmentCode };
}

/** Locks a queue by its id, whichever kind it is. */
export async function lockQueueById(unit: Unit, queueId: string): Promise<AnyLockedQueue | undefined> {
  const queue = await unit.tx
    .selectFrom('queue')
    .select(['practitioner_role_id', 'department_code'])
    .where('id', '=', queueId)
    .executeTakeFirst();
  if (queue === undefined) return undefined;
  if (queue.practitioner_role_id !== null) return lockQueueOf(unit, queue.practitioner_role_id);
  return queue.department_code === null ? undefined : lockPoolOf(unit, queue.department_code);
}

/** Locks several queues in the one order; the same one twice is locked once. */
export async function lockQueues(unit: Unit, queueIds: readonly string[]): Promise<Map<string, AnyLockedQueue>> {
  const ordered = await unit.tx
    .selectFrom('queue')
    .select('id')
    .where('id', 'in', [...new Set(queueIds)])
    .orderBy('kind', 'desc')
    .orderBy('id')
    .execute();
  const locked = new Map<string, AnyLockedQueue>();
  for (const { id } of ordered) {
    const queue = await lockQueueById(unit, id);
    if (queue !== undefined) locked.set(id, queue);
  }
  return locked;
}

const queueIdOfEntry = async (unit: Unit, encounterId: string): Promise<string | undefined> =>
  (
    await unit.tx
      .selectFrom('queue_entry')
      .select('queue_id')
      .where('encounter_id', '=', encounterId)
      .where('state', 'in', ['waiting', 'called', 'serving'])
      .executeTakeFirst()
  )?.queue_id;

/** The entry may be handed over while we wait for its queue; more often than this it isn't. */
const MAX_MOVES = 5;

/** Locks the queue that holds this visit's entry, or its specialist's when the entry is over. */
export async function lockQueueOfEncounter(unit: Unit, encounterId: string): Promise<AnyLockedQueue | undefined> {
  for (let move = 0; move < MAX_MOVES; move += 1) {
    const queueId = await queueIdOfEntry(unit, encounterId);
    if (queueId === undefined) break;
    const queue = await lockQueueById(unit, queueId);
    if (queue !== undefined && (await queueIdOfEntry(unit, encounterId)) === queueId) return queue;
  }
  const found = await unit.tx
    .selectFrom('encounter')
    .select('practitioner_role_id')
    .where('id', '=', encounterId)
    .executeTakeFirst();
  const roleId = found?.practitioner_role_id ?? null;
  return roleId === null ? undefined : lockQueueOf(unit, roleId);
}

/** The same where there must be a specialist: a call, a consultation. Undefined while the visit waits in a pool. */
export async function lockSpecialistOfEncounter(unit: Unit, encounterId: string): Promise<LockedQueue | undefined> {
  const queue = await lockQueueOfEncounter(unit, encounterId);
  return queue === undefined || queue.practitionerRoleId === null ? undefined : queue;
}

/** @throws AppError INVALID_TRANSITION for what only happens in calls, while the visit waits in a pool */
export function assertSpecialistQueue(queue: AnyLockedQueue): LockedQueue {
  if (queue.practitionerRoleId === null) {
    throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: 'waiting', reason: 'pool' });
  }
  return queue;
}

/** Specialists of the pool's department who take part, and the hospitals they work for. */
async function poolTopics(unit: Unit, departmentCode: string): Promise<Topic[]> {
  const rows = await unit.tx
    .selectFrom('practitioner_role')
    .innerJoin('availability', 'availability.practitioner_role_id', 'practitioner_role.id')
    .select(['practitioner_role.id', 'practitioner_role.organization_id', 'availability.takes_pool'])
    .where('role', '=', 'specialist')
    .where('active', '=', true)
    .where('department_code', '=', departmentCode)
    .execute();
  return [
    ...rows.filter((row) => row.takes_pool).map((row) => topic.practitionerRole(row.id)),
    ...new Set(rows.flatMap((row) => (row.organization_id === null ? [] : [topic.organization(row.organization_id)]))),
  ];
}

/** Tells whoever shows this queue. Call once for each transaction that changed any of its entries. */
export async function bumpQueue(unit: Unit, queue: AnyLockedQueue): Promise<void> {
  const [{ version }, topics] = await Promise.all([
    unit.tx
      .updateTable('queue')
      .set({ version: sql<string>`nextval('queue_version')` })
      .where('id', '=', queue.id)
      .returning('version')
      .executeTakeFirstOrThrow(),
    queue.practitionerRoleId === null
      ? poolTopics(unit, queue.departmentCode)
      : [
          topic.practitionerRole(queue.practitionerRoleId),
          ...(queue.organizationId === null ? [] : [topic.organization(queue.organizationId)]),
        ],
  ]);
  unit.emit(topics, 'queue:changed', { queueId: QueueId.parse(queue.id), version: Number(version) });
  // A little later, so that a call and its answer are one.
  const dueAt = new Date(unit.now.getTime() + TURN_SOON_AFTER_MS);
  unit.schedule({ kind: 'queue.turn-soon', subjectId: queue.id, dueAt, atLatest: true });
  unit.schedule({ kind: 'queue.keep-promises', subjectId: queue.id, dueAt, atLatest: true });
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
  const [{ version }] = await Promise.all([
    unit.tx
      .updateTable('availability')
      .set((eb) => ({ state: to, break_until: breakUntil, changed_at: unit.now, version: eb('version', '+', 1) }))
      .where('practitioner_role_id', '=', queue.practitionerRoleId)
      .returning('version')
      .executeTakeFirstOrThrow(),
    to === 'available' || to === 'in-call' ? endLateStart(unit, queue.practitionerRoleId) : undefined,
  ]);
  unit.cancelJobs('availability.break-end', queue.practitionerRoleId);
  if (to === 'break' && breakUntil !== null) {
    unit.schedule({
      kind: 'availability.break-end',
      subjectId: queue.practitionerRoleId,
      token: breakUntil.toISOString(),
      dueAt: breakUntil,
    });
  }
  unit.emit([topic.practitionerRole(queue.practitionerRoleId)], 'availability:changed', { version });
}

/** The specialist is there: nobody needs to be alerted or offered a way out any more. */
async function endLateStart(unit: Unit, practitionerRoleId: string): Promise<void> {
  const ended = await unit.tx
    .updateTable('late_start')
    .set({ resolved_at: unit.now })
    .where('practitioner_role_id', '=', practitionerRoleId)
    .where('resolved_at', 'is', null)
    .returning('id')
    .execute();
  for (const { id } of ended) unit.cancelJobs('session.late-tell', id);
}
