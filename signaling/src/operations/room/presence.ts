import type { EncounterId, PeerId } from '@cloud-hospital/protocol';
import { randomUUID } from 'node:crypto';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';

export interface PresenceChange {
  readonly encounterId: EncounterId;
  readonly peerId: PeerId;
  readonly connected: boolean;
  /** Only if this is still the newest attachment: another replica may have taken over. Undefined: whoever it is. */
  readonly attachment?: number;
  readonly kind: 'connected' | 'disconnected' | 'left' | 'closed';
}

/**
 * Remembers that a participant came back or is gone. When nobody is left in a running call, the job that parks it is
 * scheduled; whoever comes back cancels it.
 *
 * @returns false when it was known already, or the participant is attached anew by now
 */
export async function recordPresence(services: Services, change: PresenceChange): Promise<boolean> {
  return services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, (unit) =>
    changePresence(services, unit, change),
  );
}

async function changePresence(services: Services, unit: Unit, change: PresenceChange): Promise<boolean> {
  const { encounterId, peerId, connected, attachment, kind } = change;
  // Two who leave in the same instant must see each other gone, and joins lock in this order too.
  await unit.tx.selectFrom('room').select('id').where('encounter_id', '=', encounterId).forUpdate().execute();
  let update = unit.tx
    .updateTable('participant')
    .set({ connected, disconnected_at: connected ? null : unit.now })
    .where('id', '=', peerId)
    .where('connected', '=', !connected);
  if (attachment !== undefined) update = update.where('attachment', '=', attachment);
  const { numUpdatedRows } = await update.executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await unit.tx
    .insertInto('presence_event')
    .values({ encounter_id: encounterId, participant_id: peerId, kind })
    .execute();
  const isGuest = await unit.tx
    .selectFrom('participant')
    .select('id')
    .where('id', '=', peerId)
    .where('guest_link_id', 'is not', null)
    .executeTakeFirst();
  if (isGuest !== undefined) return true;
  if (connected) unit.cancelJobs('encounter.park', encounterId);
  else await parkWhenEmpty(services, unit, encounterId);
  return true;
}

async function parkWhenEmpty(services: Services, unit: Unit, encounterId: EncounterId): Promise<void> {
  const present = await unit.tx
    .selectFrom('participant')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('connected', '=', true)
    // A guest alone is no consultation.
    .where('guest_link_id', 'is', null)
    .executeTakeFirst();
  if (present !== undefined) return;
  const answered = await unit.tx
    .selectFrom('queue_entry')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('state', '=', 'serving')
    .executeTakeFirst();
  if (answered === undefined) return;
  unit.schedule({
    kind: 'encounter.park',
    subjectId: encounterId,
    dueAt: new Date(unit.now.getTime() + services.config.PARK_AFTER_SECONDS * 1000),
  });
}
