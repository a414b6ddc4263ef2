import { AppError } from '@cloud-hospital/protocol';
import { type PoolInput, QueueView } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { bumpQueue, type LockedPool, type LockedQueue, lockPoolOf } from './lockQueue.ts';
import { describeQueue } from './mine.ts';
import { lockOwnQueue } from './ownQueue.ts';
import { isPoolCalled } from './pool.ts';

/** Somebody must go on calling those who wait in the pool. @throws AppError INVALID_TRANSITION `last-of-pool` */
async function assertNotTheLast(unit: Unit, queue: LockedQueue, pool: LockedPool): Promise<void> {
  const waiting = await unit.tx
    .selectFrom('queue_entry')
    .select('id')
    .where('queue_id', '=', pool.id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (waiting === undefined) return;
  if (!(await isPoolCalled(unit, pool.departmentCode, queue.practitionerRoleId))) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Availability', reason: 'last-of-pool' });
  }
}

/**
 * Whether "call next" also takes people from the department's pool.
 * @throws AppError INVALID_TRANSITION when people wait there and nobody else would call them
 */
export const setPool = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof PoolInput>,
): Promise<QueueView> =>
  runVisibleOnce(services, context, { action: 'queue.setPool', request: input, response: QueueView }, async (unit) => {
    const queue = await lockOwnQueue(unit, context.agent);
    if (queue.departmentCode === null) throw new AppError('FORBIDDEN');
    const pool = await lockPoolOf(unit, queue.departmentCode);
    if (!input.takesPool) await assertNotTheLast(unit, queue, pool);
    await unit.tx
      .updateTable('availability')
      .set((eb) => ({ takes_pool: input.takesPool, version: eb('version', '+', 1) }))
      .where('practitioner_role_id', '=', queue.practitionerRoleId)
      .execute();
    await bumpQueue(unit, queue);
    await bumpQueue(unit, pool);
    unit.audit({
      action: 'availability:write',
      entityKind: 'PractitionerRole',
      entityId: queue.practitionerRoleId,
      details: { takesPool: input.takesPool },
    });
    return describeQueue(unit, queue.practitionerRoleId);
  });
