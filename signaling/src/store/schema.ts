import type {
  AppointmentStatus,
  Availability,
  CancellationReason,
  ClinicDecision,
  ConsentPurpose,
  ConsentStatus,
  DeviceStatus,
  EncounterOutcome,
  EncounterStatus,
  NoShowExcuse,
  NoShowParty,
  PromiseBreachReason,
  QueueEntryReason,
  QueueEntryState,
  ReportStatus,
  WaitlistPassReason,
} from '@cloud-hospital/protocol/states';
import type { Face, Gender, LocalizedText, Role } from '@cloud-hospital/protocol';
import type { NoteContent, PublicKeyJwk, SelfTest, VitalCode } from '@cloud-hospital/protocol/rest';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CallPeopleTables } from './callPeople.schema.ts';
import type { CallQualityTables } from './callQuality.schema.ts';
import type { ExchangeTables } from './exchange.schema.ts';
import type { PromiseTables } from './promise.schema.ts';
import type { RecordingTables } from './recording.schema.ts';
import type { RoomTables } from './room.schema.ts';
import type { SchedulingTables } from './scheduling.schema.ts';
import type { PeopleTables } from './people.schema.ts';

/** The database as Kysely sees it; the truth is in migrations/*.sql, where the comments are. */

/** int8 arrives as text, so that no number above 2^53 is ever rounded. */
type BigIntText = ColumnType<string, string | number | bigint, string | number | bigint>;
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
/** Written as JSON text (`JSON.stringify`), read parsed. */
type JsonColumn<T> = ColumnType<T, string | null, string | null>;
export type StoredSelfTest = SelfTest & { testedAt: string };

export interface OrganizationTable {
  id: Generated<string>;
  kind: 'district' | 'sub-district' | 'hospital';
  part_of: string | null;
  name_zh: string;
  name_en: string;
  phone: Generated<string>;
  ordinal: Generated<number>;
  version: Generated<number>;
}

export interface LocationTable {
  id: Generated<string>;
  organization_id: string;
  name_zh: string;
  name_en: string;
  address: Generated<string>;
  phone: Generated<string>;
  ordinal: Generated<number>;
  active: Generated<boolean>;
  version: Generated<number>;
}

export interface DepartmentTable {
  code: string;
  name_zh: string;
  name_en: string;
  symptoms: ColumnType<LocalizedText[], string | undefined, string>;
  everyday_words: Generated<string[]>;
  ordinal: Generated<number>;
}

export interface AccountTable {
  id: Generated<string>;
  username: string | null;
  phone: string | null;
  password_hash: string | null;
  totp_secret: Buffer | null;
  totp_pending_secret: Buffer | null;
  totp_confirmed_at: Date | null;
  totp_last_step: BigIntText | null;
  backup_code_hashes: Generated<string[]>;
  activation_code_hash: Buffer | null;
  activation_expires_at: Date | null;
  failed_sign_ins: Generated<number>;
  locked_until: Date | null;
  disabled_at: Date | null;
  demo: Generated<boolean>;
  created_at: Generated<Date>;
}

export interface PractitionerTable {
  id: Generated<string>;
  account_id: string;
  name: string;
  name_en: string;
  gender: Gender;
}

export interface PractitionerRoleTable {
  id: Generated<string>;
  practitioner_id: string;
  role: Role;
  organization_id: string | null;
  location_id: string | null;
  department_code: string | null;
  title_zh: Generated<string>;
  title_en: Generated<string>;
  expertise_zh: Generated<string>;
  expertise_en: Generated<string>;
  active: Generated<boolean>;
  /** Residents may be seen from their own phone. */
  phone_visits: Generated<boolean>;
  version: Generated<number>;
}

export interface PatientTable {
  id: Generated<string>;
  account_id: string | null;
  name: string;
  identity_hash: Buffer;
  identity_encrypted: Buffer;
  identity_masked: string;
  birth_date: string;
  gender: Gender;
  phone: string | null;
  identity_verified_at: Date | null;
  demo: Generated<boolean>;
  version: Generated<number>;
  created_at: Generated<Date>;
}

export interface DeviceTable {
  id: Generated<string>;
  location_id: string;
  name: string;
  status: Generated<DeviceStatus>;
  public_key: JsonColumn<PublicKeyJwk | null>;
  enrolment_code_hash: Buffer | null;
  enrolment_expires_at: Date | null;
  self_test: JsonColumn<StoredSelfTest | null>;
  auto_answer_seconds: number | null;
  last_seen_at: Date | null;
  version: Generated<number>;
}

export interface DeviceChallengeTable {
  challenge: string;
  device_id: string;
  expires_at: Date;
  used_at: Date | null;
}

export interface SessionTable {
  id: Generated<string>;
  token_hash: Buffer;
  face: Face;
  kind: 'account' | 'device' | 'guest';
  account_id: string | null;
  practitioner_role_id: string | null;
  device_id: string | null;
  second_factor_at: Date | null;
  created_at: Generated<Date>;
  last_seen_at: Generated<Date>;
  expires_at: Date;
  idle_seconds: number;
  revoked_at: Date | null;
  revoke_reason: string | null;
  guest_link_id: Generated<string | null>;
}

export interface LoginCodeTable {
  id: Generated<string>;
  phone: string;
  code_hash: Buffer;
  tries: Generated<number>;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
}

export interface AppointmentTable {
  id: Generated<string>;
  /** Null on the waiting list. */
  slot_id: string | null;
  patient_id: string;
  practitioner_id: string;
  practitioner_role_id: string;
  location_id: string | null;
  period: string | null;
  status: AppointmentStatus;
  hold_expires_at: Date | null;
  complaint: Generated<string>;
  ticket_number: string | null;
  booked_by_account: string | null;
  booked_by_role: Role;
  cancelled_by: string | null;
  cancellation_reason: CancellationReason | null;
  previous_appointment_id: Generated<string | null>;
  series_id: string | null;
  series_ordinal: Generated<number>;
  waitlisted_at: Date | null;
  waitlist_from: string | null;
  waitlist_to: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  version: Generated<number>;
  noshow_party: NoShowParty | null;
  noshow_excuse: NoShowExcuse | null;
  noshow_excused_at: Date | null;
  noshow_excused_by: string | null;
  /** Of the resident's own phone, last. */
  device_check: JsonColumn<StoredSelfTest | null>;
  by_phone: Generated<boolean>;
}

export interface WaitlistOfferTable {
  id: Generated<string>;
  appointment_id: string;
  slot_id: string;
  outcome: 'open' | 'accepted' | 'declined' | 'expired' | 'passed-over';
  reason: WaitlistPassReason | null;
  offered_at: Generated<Date>;
  ended_at: Date | null;
}

export interface TicketCounterTable {
  practitioner_role_id: string;
  day: string;
  last_number: number;
}

export interface PoolTicketCounterTable {
  queue_id: string;
  day: string;
  last_number: number;
}

export interface EncounterTable {
  id: Generated<string>;
  appointment_id: string | null;
  patient_id: string;
  /** Null while the visit waits in a pool. */
  practitioner_id: string | null;
  practitioner_role_id: string | null;
  location_id: string;
  device_id: string | null;
  status: EncounterStatus;
  outcome: EncounterOutcome | null;
  complaint: Generated<string>;
  ticket_number: string;
  scheduled_start: Date | null;
  checked_in_at: Date | null;
  ready_at: Date | null;
  started_at: Date | null;
  ended_at: Date | null;
  onleave_at: Date | null;
  printed_at: Date | null;
  /** The resident takes part from their own phone: nobody is at the clinic. */
  by_phone: Generated<boolean>;
  phone_seen_at: Date | null;
  phone_present: Generated<boolean>;
  reason: string | null;
  created_at: Generated<Date>;
  version: Generated<number>;
}

export interface QueueTable {
  id: Generated<string>;
  kind: 'specialist' | 'pool';
  practitioner_role_id: string | null;
  department_code: string | null;
  version: ColumnType<string, string | number | bigint | undefined, string | number | bigint>;
}

export interface AvailabilityTable {
  practitioner_role_id: string;
  state: Generated<Availability>;
  break_until: Date | null;
  takes_pool: Generated<boolean>;
  changed_at: Generated<Date>;
  version: Generated<number>;
}

export interface QueueEntryTable {
  id: Generated<string>;
  queue_id: string;
  encounter_id: string;
  patient_id: string;
  location_id: string;
  device_id: string | null;
  state: QueueEntryState;
  urgent: Generated<boolean>;
  scheduled_start: Date | null;
  checked_in_at: Date;
  returned_at: Date | null;
  called_at: Date | null;
  called_by: string | null;
  lease_token: string | null;
  lease_expires_at: Date | null;
  answered_at: Date | null;
  ended_at: Date | null;
  last_reason: QueueEntryReason | null;
  skipped_at: Date | null;
  call_count: Generated<number>;
  /** The line joined first, once it is another queue's entry. */
  admitted_to: string | null;
  /** The pool the present call was taken from. */
  pool_id: string | null;
  promise_breached_at: Date | null;
  promise_breach_reason: PromiseBreachReason | null;
  version: Generated<number>;
}

export interface QueueTransferTable {
  id: GeneratedAlways<string>;
  queue_entry_id: string;
  from_queue_id: string;
  to_queue_id: string;
  reason: string;
  by_role: string;
  by_account: string | null;
  at: Generated<Date>;
}

export interface LateStartTable {
  id: Generated<string>;
  practitioner_role_id: string;
  session_start: Date;
  alerted_at: Generated<Date>;
  told_at: Date | null;
  resolved_at: Date | null;
}

export interface QueueOvertakingTable {
  id: GeneratedAlways<string>;
  queue_entry_id: string;
  overtaken_by: string;
  reason: string;
  at: Generated<Date>;
}

export interface PresenceEventTable {
  id: GeneratedAlways<string>;
  encounter_id: string;
  participant_id: string;
  kind: string;
  detail: ColumnType<Record<string, JsonValue>, string | undefined, string>;
  at: Generated<Date>;
}

export interface ConsentTable {
  id: Generated<string>;
  encounter_id: string;
  patient_id: string;
  purpose: ConsentPurpose;
  status: ConsentStatus;
  method: string;
  recorded_by_account: string;
  recorded_by_name: string;
  recorded_at: Generated<Date>;
  ended_at: Date | null;
  ended_by_name: string | null;
  version: Generated<number>;
}

export interface ObservationTable {
  id: Generated<string>;
  encounter_id: string;
  patient_id: string;
  code: VitalCode;
  value: string;
  effective_at: Generated<Date>;
  recorded_by_account: string;
  recorded_by_name: string;
}

export interface NoteDraftTable {
  encounter_id: string;
  content: JsonColumn<NoteContent>;
  author_account: string;
  saved_at: Generated<Date>;
  version: Generated<number>;
}

export interface ReportTable {
  id: Generated<string>;
  encounter_id: string;
  patient_id: string;
  status: ReportStatus;
  version: Generated<number>;
}

export interface ReportVersionTable {
  report_id: string;
  version: number;
  content: JsonColumn<NoteContent>;
  document: string;
  sha256: string;
  signature: string;
  key_id: string;
  verification_token: string;
  signed_by: string;
  signed_at: Generated<Date>;
}

export interface ClinicDecisionTable {
  report_id: string;
  report_version: number;
  decision: ClinicDecision;
  reason: Generated<string>;
  decided_by_account: string;
  decided_by_name: string;
  decided_at: Generated<Date>;
}

export interface JobTable {
  id: Generated<string>;
  kind: string;
  subject_id: string;
  token: Generated<string>;
  due_at: Date;
  /** Wanted again while it runs. */
  again_at: Date | null;
  state: Generated<'pending' | 'running' | 'done' | 'cancelled' | 'failed'>;
  attempts: Generated<number>;
  lease_token: string | null;
  lease_expires_at: Date | null;
  finished_at: Date | null;
  last_error: string | null;
}

export interface OutboxTable {
  id: GeneratedAlways<string>;
  created_at: Generated<Date>;
  topics: string[];
  name: string;
  data: JsonColumn<Record<string, JsonValue>>;
}

export interface IdempotencyKeyTable {
  actor: string;
  key: string;
  action: string;
  request_hash: string;
  response: JsonColumn<JsonValue>;
  created_at: Generated<Date>;
}

export interface AuditEventTable {
  id: GeneratedAlways<string>;
  recorded_at: Generated<Date>;
  actor_account: string | null;
  actor_role: string;
  actor_name: string;
  device_id: string | null;
  location_id: string | null;
  action: string;
  entity_kind: string;
  entity_id: string | null;
  patient_id: string | null;
  outcome: 'success' | 'denied' | 'failure';
  reason: string | null;
  request_id: string | null;
  details: ColumnType<Record<string, JsonValue>, string | undefined, string>;
}

export interface AuditChainTable {
  sequence: BigIntText;
  audit_event_id: BigIntText;
  previous_hash: Buffer;
  hash: Buffer;
  sealed_at: Generated<Date>;
}

export interface AuditHeadTable {
  sequence: BigIntText;
  hash: Buffer;
  signature: Buffer;
  key_id: string;
  signed_at: Generated<Date>;
}

export interface Database
  extends SchedulingTables,
    PeopleTables,
    PromiseTables,
    CallQualityTables,
    ExchangeTables,
    CallPeopleTables,
    RecordingTables,
    RoomTables {
  organization: OrganizationTable;
  location: LocationTable;
  department: DepartmentTable;
  account: AccountTable;
  practitioner: PractitionerTable;
  practitioner_role: PractitionerRoleTable;
  patient: PatientTable;
  device: DeviceTable;
  device_challenge: DeviceChallengeTable;
  session: SessionTable;
  login_code: LoginCodeTable;
  appointment: AppointmentTable;
  waitlist_offer: WaitlistOfferTable;
  ticket_counter: TicketCounterTable;
  pool_ticket_counter: PoolTicketCounterTable;
  encounter: EncounterTable;
  queue: QueueTable;
  availability: AvailabilityTable;
  queue_entry: QueueEntryTable;
  queue_overtaking: QueueOvertakingTable;
  queue_transfer: QueueTransferTable;
  late_start: LateStartTable;
  presence_event: PresenceEventTable;
  consent: ConsentTable;
  observation: ObservationTable;
  note_draft: NoteDraftTable;
  report: ReportTable;
  report_version: ReportVersionTable;
  clinic_decision: ClinicDecisionTable;
  job: JobTable;
  outbox: OutboxTable;
  idempotency_key: IdempotencyKeyTable;
  audit_event: AuditEventTable;
  audit_chain: AuditChainTable;
  audit_head: AuditHeadTable;
}
