import type { Role } from '@cloud-hospital/protocol';
import type {
  AnnotationLayer,
  AttachmentKind,
  AttachmentStatus,
  ChatSide,
  ContentType,
  StillRequest,
} from '@cloud-hospital/protocol/rest';
import type { ColumnType, Generated } from 'kysely';

/** What is exchanged beside the video; the comments are in migrations/0011-exchange.sql. */

/** int8 arrives as text. Bytes of a file always fit a number. */
type Bytes = ColumnType<string, number | undefined, number>;

export interface StillRequestTable {
  id: Generated<string>;
  encounter_id: string;
  status: Generated<StillRequest['status']>;
  requested_by: string;
  requested_at: Generated<Date>;
  answered_at: Date | null;
}

export interface AttachmentTable {
  id: Generated<string>;
  encounter_id: string;
  patient_id: string;
  kind: AttachmentKind;
  status: Generated<AttachmentStatus>;
  title: string;
  still_request_id: string | null;
  bytes: ColumnType<string, number, never>;
  received_bytes: Bytes;
  stored_bytes: Bytes;
  content_type: ContentType | null;
  sha256: string | null;
  width: number | null;
  height: number | null;
  author_account: string;
  author_role: Role;
  author_name: string;
  device_id: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface AttachmentAnnotationTable {
  attachment_id: string;
  version: number;
  layer: ColumnType<AnnotationLayer, string, never>;
  author_account: string;
  author_name: string;
  created_at: Generated<Date>;
}

export interface ChatMessageTable {
  id: Generated<string>;
  encounter_id: string;
  text: string;
  author_account: string;
  author_role: Role;
  author_name: string;
  device_id: string | null;
  sent_at: Generated<Date>;
}

export interface ChatReceiptTable {
  encounter_id: string;
  side: ChatSide;
  read_until: Date;
}

export interface ExchangeTables {
  still_request: StillRequestTable;
  attachment: AttachmentTable;
  attachment_annotation: AttachmentAnnotationTable;
  chat_message: ChatMessageTable;
  chat_receipt: ChatReceiptTable;
}
