import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import type { Db } from '../../store/database.ts';

/**
 * The rights the participants of an encounter should have now. Ask the media node first and this second: then what is
 * newer wins, and a call answered in between is never taken back.
 */
export async function rightsNow(db: Db, encounterId: string): Promise<PeerRights> {
  const serving = await db
    .selectFrom('queue_entry')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('state', '=', 'serving')
    .executeTakeFirst();
  return serving === undefined ? 'parked' : 'active';
}
