import type { Role } from '@cloud-hospital/protocol';
import type { RelatedPersonStatus, RelationConsentMethod, Relationship } from '@cloud-hospital/protocol/states';
import type { ColumnType, Generated } from 'kysely';

/** Tables of people around a booking, and what they are told; the comments are in migrations/0004-people.sql and before. */

export interface RelatedPersonTable {
  id: Generated<string>;
  account_id: string;
  relationship: Relationship;
  status: RelatedPersonStatus;
  name: string;
  identity_hash: Buffer;
  identity_encrypted: Buffer | null;
  identity_masked: string;
  birth_date: string;
  phone: string | null;
  patient_id: string | null;
  code_hash: Buffer | null;
  code_sent_at: Date | null;
  code_expires_at: Date | null;
  code_tries: Generated<number>;
  codes_sent: Generated<number>;
  consent_method: RelationConsentMethod | null;
  consented_at: Date | null;
  consent_recorded_by: string | null;
  verified_at: Date | null;
  requested_at: Generated<Date>;
  ended_at: Date | null;
  ended_by: 'holder' | 'member' | 'staff' | null;
  version: Generated<number>;
}

export interface HelperLinkTable {
  id: Generated<string>;
  appointment_id: string;
  token_hash: Buffer;
  key_hash: Buffer | null;
  phone: string;
  created_by_account: string;
  created_by_role: Role;
  created_at: Generated<Date>;
  open_until: Date;
  opened_at: Date | null;
  revoked_at: Date | null;
}

export interface CommunicationTable {
  id: Generated<string>;
  account_id: string | null;
  phone: string | null;
  kind: string;
  text: string;
  params: ColumnType<Record<string, string>, string | undefined, string>;
  subject_id: string | null;
  status: Generated<'pending' | 'sent' | 'failed' | 'withdrawn'>;
  dedupe_key: string;
  created_at: Generated<Date>;
  sent_at: Date | null;
  read_at: Date | null;
  not_after: Date | null;
  patient_id: string | null;
}

export interface PeopleTables {
  communication: CommunicationTable;
  related_person: RelatedPersonTable;
  helper_link: HelperLinkTable;
}
