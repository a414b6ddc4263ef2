import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import type { Unit } from '../../store/command.ts';
import { lockEncounter, touchEncounter } from '../encounter/changeEncounter.ts';
import { bumpQueue, type LockedPool, type LockedQueue, lockQueueById } from './lockQueue.ts';
import type { LockedEntry } from './moveEntry.ts';

/** The queues this specialist calls from: their own, and the pool of the department while they take part. */
export async function queuesCalledFrom(unit: Unit, queue: LockedQueue): Promise<string[]> {
  const { rows } = await sql<{ ids: string[] }>`SELECT queues_called_from(${queue.id}) AS ids`.execute(unit.tx);
  return rows[0]?.ids ?? [queue.id];
}

/**
 * Whether anybody calls from a department's pool. Whoever leaves it locks the pool's row, so that the answer holds while
 * this transaction has it locked, and only then.
 * @param except a specialist who doesn't count
 */
export async function isPoolCalled(unit: Unit, departmentCode: string, except: string | null = null): Promise<boolean> {
  const member = await unit.tx
    .selectFrom('availability')
    .innerJoin('practitioner_role', 'practitioner_role.id', 'availability.practitioner_role_id')
    .select('practitioner_role.id')
    .where('practitioner_role.department_code', '=', departmentCode)
    .where('practitioner_role.active', '=', true)
    .where('availability.takes_pool', '=', true)
    .where('practitioner_role.id', 'is distinct from', except)
    .executeTakeFirst();
  return member !== undefined;
}

/** Makes the specialist the one who takes part in the visit; null: nobody does for the time being. */
export async function seatSpecialist(
  unit: Unit,
  encounterId: string,
  practitionerRoleId: string | null,
): Promise<void> {
  await unit.tx
    .updateTable('participant')
    .set({ removed_at: unit.now, rights: 'parked' })
    .where('encounter_id', '=', encounterId)
    .where('role', '=', 'specialist')
    .where('removed_at', 'is', null)
    .where('practitioner_role_id', 'is distinct from', practitionerRoleId)
    // Colleagues who were asked in stay.
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('call_invitation')
            .select('call_invitation.id')
            .where('call_invitation.encounter_id', '=', encounterId)
            .where('call_invitation.state', '=', 'accepted')
            .whereRef('call_invitation.to_role_id', '=', 'participant.practitioner_role_id'),
        ),
      ),
    )
    .execute();
  if (practitionerRoleId === null) return;
  const { name } = await unit.tx
    .selectFrom('practitioner_role')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .select('practitioner.name')
    .where('practitioner_role.id', '=', practitionerRoleId)
    .executeTakeFirstOrThrow();
  await unit.tx
    .insertInto('participant')
    .values({
      encounter_id: encounterId,
      role: 'specialist',
      practitioner_role_id: practitionerRoleId,
      display_name: name,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['encounter_id', 'practitioner_role_id'])
        .where('practitioner_role_id', 'is not', null)
        .doUpdateSet({ removed_at: null }),
    )
    .execute();
}

/** Gives a visit its specialist, or takes them away again. Its queue must be locked. */
export async function assignSpecialist(
  unit: Unit,
  encounterId: string,
  practitionerRoleId: string | null,
): Promise<void> {
  const encounter = await lockEncounter(unit, encounterId);
  if (encounter === undefined) throw new AppError('NOT_FOUND');
  const specialist =
    practitionerRoleId === null
      ? undefined
      : await unit.tx
          .selectFrom('practitioner_role')
          .select('practitioner_id')
          .where('id', '=', practitionerRoleId)
          .executeTakeFirstOrThrow();
  await seatSpecialist(unit, encounterId, practitionerRoleId);
  await touchEncounter(unit, encounter, {
    practitioner_id: specialist?.practitioner_id ?? null,
    practitioner_role_id: practitionerRoleId,
  });
}

/** The entry changes over to another queue, where it stands by its original due time. Both must be locked. */
export async function moveToQueue(
  unit: Unit,
  entryId: string,
  toQueueId: string,
  change: { readonly pool_id: string | null },
): Promise<void> {
  await unit.tx
    .updateTable('queue_entry')
    .set((eb) => ({
      ...change,
      admitted_to: sql<string>`coalesce(admitted_to, queue_id)`,
      queue_id: toQueueId,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', entryId)
    .execute();
}

/** A specialist takes somebody out of the pool to call them. */
export async function takeFromPool(
  unit: Unit,
  pool: LockedPool,
  queue: LockedQueue,
  entry: { readonly id: string; readonly encounterId: string },
): Promise<void> {
  await moveToQueue(unit, entry.id, queue.id, { pool_id: pool.id });
  await assignSpecialist(unit, entry.encounterId, queue.practitionerRoleId);
  await bumpQueue(unit, pool);
}

/** Nobody answered the call that took the entry out of its pool: back to it, for whoever calls next. */
export async function returnToPool(unit: Unit, entry: LockedEntry): Promise<void> {
  if (entry.poolId === null) return;
  const pool = await lockQueueById(unit, entry.poolId);
  if (pool === undefined) throw new AppError('INTERNAL', { reason: 'pool vanished' });
  await moveToQueue(unit, entry.id, pool.id, { pool_id: null });
  await assignSpecialist(unit, entry.encounterId, null);
  await bumpQueue(unit, pool);
}
