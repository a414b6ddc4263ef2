import type { Role } from '@cloud-hospital/protocol';
import type { HandOverReason } from '@cloud-hospital/protocol/rest';
import type { GuestKind, InvitationPurpose, InvitationState } from '@cloud-hospital/protocol/states';
import type { Generated } from 'kysely';

/** Who comes into one call; the comments are in migrations/0013-people.sql. */

export interface GuestLinkTable {
  id: string;
  encounter_id: string;
  kind: GuestKind;
  token_hash: Buffer;
  key_hash: Buffer | null;
  guest_name: string | null;
  phone: string | null;
  created_by_account: string;
  created_by_role: Role;
  created_by_name: string;
  created_at: Generated<Date>;
  open_until: Date;
  opened_at: Date | null;
  ended_at: Date | null;
  end_reason: 'withdrawn' | 'removed' | 'call-ended' | null;
}

export interface CallInvitationTable {
  id: Generated<string>;
  encounter_id: string;
  purpose: InvitationPurpose;
  from_role_id: string;
  to_role_id: string;
  reason: HandOverReason | null;
  note: Generated<string>;
  state: Generated<InvitationState>;
  created_at: Generated<Date>;
  ringing_until: Date;
  answered_at: Date | null;
  ended_at: Date | null;
}

export interface CallPeopleTables {
  guest_link: GuestLinkTable;
  call_invitation: CallInvitationTable;
}
