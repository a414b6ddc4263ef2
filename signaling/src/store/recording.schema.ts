import type { RecordedView } from '@cloud-hospital/protocol/sfu';
import type { RecordingGapReason, RecordingStopReason } from '@cloud-hospital/protocol/states';
import type { ColumnType, Generated } from 'kysely';

/** Recorded consultations; the comments are in migrations/0014-recording.sql. */

/** int8 arrives as text. */
type Bytes = ColumnType<string, number, number>;
type NullableBytes = ColumnType<string | null, number | undefined, number>;

export interface RecordingTable {
  id: Generated<string>;
  encounter_id: string;
  patient_id: string;
  consent_id: string;
  started_at: Generated<Date>;
  started_by_account: string;
  started_by_name: string;
  stopped_at: Date | null;
  room_epoch: number | null;
  stop_reason: RecordingStopReason | null;
  retain_until: Date;
}

export interface RecordingSegmentTable {
  id: string;
  recording_id: string;
  take_id: string;
  ordinal: number;
  participant_id: string;
  view: RecordedView;
  has_video: boolean;
  node_id: string;
  zero_at: Date;
  first_at: Date;
  last_at: Date;
  lead_bytes: number;
  header_bytes: number;
  received_bytes: Bytes;
  stored_bytes: Bytes;
  sha256_stored: string;
  sha256: string;
  recovered: boolean;
  created_at: Generated<Date>;
}

export interface RecordingGapTable {
  id: string;
  recording_id: string;
  participant_id: string | null;
  reason: RecordingGapReason;
  began_at: Date;
  ended_at: Date | null;
  noticed_at: Generated<Date>;
}

export interface RecordingCompositionTable {
  encounter_id: string;
  patient_id: string;
  status: Generated<'pending' | 'composed' | 'failed' | 'empty'>;
  file_id: string | null;
  attempts: Generated<number>;
  claimed_host: string | null;
  not_before: Generated<Date>;
  head: Buffer | null;
  received_bytes: NullableBytes;
  stored_bytes: NullableBytes;
  duration_ms: NullableBytes;
  sha256: string | null;
  manifest: string | null;
  manifest_sha256: string | null;
  signature: string | null;
  key_id: string | null;
  composed_at: Date | null;
}

export interface RecordingOpeningTable {
  id: Generated<string>;
  encounter_id: string;
  session_id: string;
  opened_at: Generated<Date>;
}

export interface RecordingTables {
  recording: RecordingTable;
  recording_segment: RecordingSegmentTable;
  recording_gap: RecordingGapTable;
  recording_composition: RecordingCompositionTable;
  recording_opening: RecordingOpeningTable;
}
