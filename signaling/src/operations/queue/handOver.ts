import { AppError } from '@cloud-hospital/protocol';
import type { HandOverInput } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { lockPoolOf, lockQueueOf } from './lockQueue.ts';
import { isPoolCalled } from './pool.ts';
import { transfer } from './transfer.ts';

interface Place {
  readonly queueId: string;
  readonly departmentCode: string;
}

/**
 * Where the entry waits, for whom it is in hand: the specialist's own queue or the pool they take from; for a
 * coordinator the queues of their hospital and the pools of its departments.
 * @throws AppError NOT_FOUND
 */
async function placeInHand(unit: Unit, actor: Actor, entryId: string): Promise<Place> {
  const row = await unit.tx
    .selectFrom('queue_entry')
    .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
    .leftJoin('practitioner_role as owner', 'owner.id', 'queue.practitioner_role_id')
    .select((eb) => [
      'queue.id',
      'queue_entry.patient_id',
      'owner.id as owner_id',
      'owner.organization_id',
      eb.fn.coalesce('owner.department_code', 'queue.department_code').as('department_code'),
    ])
    .where('queue_entry.id', '=', entryId)
    .executeTakeFirst();
  const isVisible = async (): Promise<boolean> => {
    if (row === undefined) return false;
    if (row.owner_id !== null) {
      return actor.role === 'specialist'
        ? row.owner_id === actor.practitionerRoleId
        : row.organization_id !== null && row.organization_id === actor.organizationId;
    }
    const member = await unit.tx
      .selectFrom('practitioner_role')
      .leftJoin('availability', 'availability.practitioner_role_id', 'practitioner_role.id')
      .select('practitioner_role.id')
      .where('role', '=', 'specialist')
      .where('active', '=', true)
      .where('department_code', '=', row.department_code)
      .where((eb) =>
        actor.role === 'specialist'
          ? eb.and([eb('practitioner_role.id', '=', actor.practitionerRoleId), eb('takes_pool', '=', true)])
          : eb('organization_id', '=', actor.organizationId),
      )
      .executeTakeFirst();
    return member !== undefined;
  };
  if (row === undefined || row.department_code === null || !(await isVisible())) {
    throw hiddenError(row !== undefined, {
      action: 'queue:hand-over',
      entityKind: 'QueueEntry',
      entityId: entryId,
      patientId: row?.patient_id ?? null,
    });
  }
  return { queueId: row.id, departmentCode: row.department_code };
}

/** Any hospital's: a department's specialists stand in for one another. @throws AppError BAD_REQUEST for anybody else */
async function targetQueue(unit: Unit, departmentCode: string, roleId: string | null): Promise<string> {
  if (roleId === null) {
    await assertPoolIsCalled(unit, departmentCode);
    return poolIdOf(unit, departmentCode);
  }
  const role = await unit.tx
    .selectFrom('practitioner_role')
    .leftJoin('queue', 'queue.practitioner_role_id', 'practitioner_role.id')
    .select('queue.id as queue_id')
    .where('practitioner_role.id', '=', roleId)
    .where('role', '=', 'specialist')
    .where('active', '=', true)
    .where('practitioner_role.department_code', '=', departmentCode)
    .executeTakeFirst();
  if (role === undefined) throw new AppError('BAD_REQUEST', { field: 'practitionerRoleId' });
  return role.queue_id ?? (await lockQueueOf(unit, roleId)).id;
}

async function assertPoolIsCalled(unit: Unit, departmentCode: string): Promise<void> {
  if (await isPoolCalled(unit, departmentCode)) return;
  throw new AppError('BAD_REQUEST', { field: 'practitionerRoleId', reason: 'no-pool' });
}

async function poolIdOf(unit: Unit, departmentCode: string): Promise<string> {
  const pool = await unit.tx
    .selectFrom('queue')
    .select('id')
    .where('kind', '=', 'pool')
    .where('department_code', '=', departmentCode)
    .executeTakeFirst();
  return pool?.id ?? (await lockPoolOf(unit, departmentCode)).id;
}

/**
 * Hands somebody who waits over to another specialist of the department or to its pool, with a reason. They keep their
 * due time; resident and clinic are told.
 * @throws AppError NOT_FOUND, VERSION_CONFLICT, BAD_REQUEST, INVALID_TRANSITION, NO_PHONE_VISITS
 */
export const handOver = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof HandOverInput>,
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'queue.handOver', request: input, response: z.strictObject({}) },
    async (unit) => {
      const { queueId, departmentCode } = await placeInHand(unit, context.agent, input.queueEntryId);
      const toQueueId = await targetQueue(unit, departmentCode, input.practitionerRoleId);
      await transfer(unit, {
        entryId: input.queueEntryId,
        fromQueueId: queueId,
        toQueueId,
        reason: input.reason,
        version: input.version,
      });
      // Now that the pool is locked: its last specialist may just have left it.
      if (input.practitionerRoleId === null) await assertPoolIsCalled(unit, departmentCode);
      return {};
    },
  );
