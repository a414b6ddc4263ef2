import { PeerId } from '@cloud-hospital/protocol';
import { EXPECTED_SHOWS, type PeerInfo, PeerShows } from '@cloud-hospital/protocol/socket';
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** A participant as the other side sees it, without what only the media node knows. */
export type ParticipantInfo = Omit<PeerInfo, 'producers' | 'connected'>;

/** Everybody who may be in the room of the encounter, by peer id. */
export async function participantInfos(
  db: Kysely<Database>,
  encounterId: string,
): Promise<ReadonlyMap<string, ParticipantInfo>> {
  const rows = await db
    .selectFrom('participant')
    .innerJoin('encounter', 'encounter.id', 'participant.encounter_id')
    .innerJoin('location', 'location.id', 'encounter.location_id')
    .leftJoin('guest_link', 'guest_link.id', 'participant.guest_link_id')
    .leftJoin('practitioner_role', 'practitioner_role.id', 'participant.practitioner_role_id')
    .select([
      'participant.id',
      'participant.role',
      'participant.display_name',
      'participant.shows',
      'guest_link.kind as guest',
      'practitioner_role.title_zh',
      'practitioner_role.title_en',
      'location.name_zh',
      'location.name_en',
    ])
    .where('participant.encounter_id', '=', encounterId)
    .where('participant.removed_at', 'is', null)
    .execute();
  return new Map(
    rows.map((row) => {
      // At the clinic several people sit before one camera: the clinic's name is shown, in both languages.
      const title =
        row.guest !== null || row.role === 'resident'
          ? null
          : row.role === 'specialist'
            ? { zh: row.title_zh ?? '', en: row.title_en ?? '' }
            : { zh: row.name_zh, en: row.name_en };
      const peerId = PeerId.parse(row.id);
      // Of an older release it may say something else.
      const shows = PeerShows.safeParse(row.shows).data ?? EXPECTED_SHOWS;
      return [row.id, { peerId, role: row.role, displayName: row.display_name, title, guest: row.guest, shows }];
    }),
  );
}
