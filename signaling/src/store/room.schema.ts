import type { Role } from '@cloud-hospital/protocol';
import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import type { Generated } from 'kysely';

/** Where a visit's media are, and who may be in them; the comments are in migrations/0001-foundation.sql. */

interface RoomTable {
  id: Generated<string>;
  encounter_id: string;
  node_id: string | null;
  node_incarnation: string | null;
  epoch: Generated<number>;
  held_at: Generated<Date | null>;
  held_by: Generated<string | null>;
  closed_at: Date | null;
}

interface ParticipantTable {
  id: Generated<string>;
  encounter_id: string;
  role: Role;
  device_id: string | null;
  practitioner_role_id: string | null;
  guest_link_id: Generated<string | null>;
  /** The resident's own phone. */
  patient_id: Generated<string | null>;
  display_name: string;
  rights: Generated<PeerRights>;
  attachment: Generated<number>;
  instance_id: string | null;
  session_id: string | null;
  connected: Generated<boolean>;
  /** `PeerShows`; null: what is expected. */
  shows: Generated<unknown>;
  disconnected_at: Date | null;
  removed_at: Date | null;
}

export interface RoomTables {
  room: RoomTable;
  participant: ParticipantTable;
}
