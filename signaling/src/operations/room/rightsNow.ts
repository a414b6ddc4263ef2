import type { EncounterId, PeerId } from '@cloud-hospital/protocol';
import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import { peerVerdict } from '../../domain/peerVerdict.ts';
import type { Db } from '../../store/database.ts';
import { readRoomClaims } from '../../store/peerClaims.ts';

/**
 * The rights each participant of an encounter should have now; whoever may not be there at all isn't in it. Ask the
 * media node first and this second: then what is newer wins, and a call answered in between is never taken back.
 */
export async function rightsNow(db: Db, encounterId: EncounterId): Promise<ReadonlyMap<PeerId, PeerRights>> {
  const rows = await readRoomClaims(db, encounterId);
  return new Map(
    rows.flatMap(({ peerId, claim }) => {
      const verdict = peerVerdict(claim);
      return verdict === 'expelled' ? [] : [[peerId, verdict] as const];
    }),
  );
}
