import type { QueueView } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { queueView } from '../../store/queue.view.ts';
import type { SharedQueue } from '../../store/sharedPlaces.ts';
import { lockQueueOf } from './lockQueue.ts';
import { specialistRole } from './ownQueue.ts';
import type { ActorContext, Unit } from '../../store/command.ts';

/** The specialist's queue as it is inside the transaction; made at first sight. */
export async function describeQueue(unit: Unit, practitionerRoleId: string, shared?: SharedQueue): Promise<QueueView> {
  const exists = await unit.tx
    .selectFrom('queue')
    .select('id')
    .where('practitioner_role_id', '=', practitionerRoleId)
    .executeTakeFirst();
  if (exists === undefined) await lockQueueOf(unit, practitionerRoleId);
  return queueView(unit.tx, practitionerRoleId, unit.now, shared);
}

/** The signed-in specialist's own queue. */
export async function mine(services: Services, context: ActorContext): Promise<QueueView> {
  const roleId = specialistRole(context.agent);
  const shared = await services.places.ofSpecialist(roleId);
  return services.commands.run(context, async (unit) => {
    const view = await describeQueue(unit, roleId, shared);
    unit.audit({
      action: 'queue:read',
      entityKind: 'Queue',
      entityId: view.queueId,
      details: { count: view.entries.length },
    });
    return view;
  });
}
