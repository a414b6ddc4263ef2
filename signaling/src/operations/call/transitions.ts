import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';

// Interim: replaced by operations/queue as soon as that is there.
export async function answerCall(unit: Unit, actor: Actor, encounterId: EncounterId): Promise<{ answeredAt: Date }> {
  const entry = await unit.tx
    .selectFrom('queue_entry')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .select([
      'queue_entry.id',
      'queue_entry.state',
      'queue_entry.answered_at',
      'queue_entry.called_by',
      'encounter.location_id',
    ])
    .where('queue_entry.encounter_id', '=', encounterId)
    .where('queue_entry.state', 'in', ['called', 'serving', 'waiting'])
    .forUpdate()
    .executeTakeFirst();
  if (entry === undefined || entry.location_id !== actor.locationId) {
    throw hiddenError(entry !== undefined, { action: 'call:answer', entityKind: 'Encounter', entityId: encounterId });
  }
  if (entry.state === 'serving' && entry.answered_at !== null) return { answeredAt: entry.answered_at };
  if (entry.state !== 'called') throw new AppError('INVALID_TRANSITION');
  await unit.tx
    .updateTable('queue_entry')
    .set((eb) => ({ state: 'serving', answered_at: unit.now, version: eb('version', '+', 1) }))
    .where('id', '=', entry.id)
    .execute();
  unit.audit({ action: 'call:answer', entityKind: 'Encounter', entityId: encounterId });
  if (entry.called_by !== null) {
    unit.emit([topic.practitionerRole(entry.called_by), topic.location(entry.location_id)], 'call:answered', {
      encounterId,
      answeredAt: unit.now.toISOString(),
    });
  }
  return { answeredAt: unit.now };
}
