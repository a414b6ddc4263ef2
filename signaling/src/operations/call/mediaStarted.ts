import { randomUUID } from 'node:crypto';
import type { RoomId } from '@cloud-hospital/protocol';
import { SYSTEM } from '../../domain/Actor.ts';
import { beginEncounter } from '../encounter/beginEncounter.ts';
import type { RoomServices } from '../room/RoomServices.ts';

/**
 * The first RTP of the room: the consultation has begun. Every replica with a peer in the room hears it and one of
 * them changes something.
 */
export async function mediaStarted(services: RoomServices, roomId: RoomId): Promise<void> {
  await services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
    const row = await unit.tx
      .selectFrom('room')
      .select('encounter_id')
      .where('id', '=', roomId)
      .where('closed_at', 'is', null)
      .executeTakeFirst();
    if (row !== undefined) await beginEncounter(unit, row.encounter_id);
  });
}
