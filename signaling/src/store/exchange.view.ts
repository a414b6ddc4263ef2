import { AttachmentId, ChatMessageId, EncounterId, StillRequestId } from '@cloud-hospital/protocol';
import type { Annotation, Attachment, ChatMessage, StillRequest } from '@cloud-hospital/protocol/rest';
import type { Kysely, Selectable } from 'kysely';
import type { AttachmentAnnotationTable, AttachmentTable, ChatMessageTable } from './exchange.schema.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

export const annotationView = (row: Selectable<AttachmentAnnotationTable>): Annotation => ({
  ...row.layer,
  version: row.version,
  authorName: row.author_name,
  savedAt: row.created_at.toISOString(),
});

export const attachmentView = (row: Selectable<AttachmentTable>, annotation: Annotation | null): Attachment => ({
  attachmentId: AttachmentId.parse(row.id),
  encounterId: EncounterId.parse(row.encounter_id),
  kind: row.kind,
  status: row.status,
  title: row.title,
  contentType: row.content_type,
  bytes: Number(row.bytes),
  receivedBytes: Number(row.received_bytes),
  width: row.width,
  height: row.height,
  sha256: row.sha256,
  author: { name: row.author_name, role: row.author_role },
  createdAt: row.created_at.toISOString(),
  annotation,
});

export const chatMessageView = (row: Selectable<ChatMessageTable>): ChatMessage => ({
  messageId: ChatMessageId.parse(row.id),
  text: row.text,
  author: { name: row.author_name, role: row.author_role },
  sentAt: row.sent_at.toISOString(),
});

/** What is drawn on each of these pictures now. */
export async function annotationsOf(db: Reader, attachmentIds: readonly string[]): Promise<Map<string, Annotation>> {
  if (attachmentIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('attachment_annotation')
    .selectAll()
    .distinctOn('attachment_id')
    .where('attachment_id', 'in', attachmentIds)
    .orderBy('attachment_id')
    .orderBy('version', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.attachment_id, annotationView(row)]));
}

/** Those that arrived or are arriving, oldest first; what was refused or given up on is nobody's document. */
export async function attachmentsOf(db: Reader, encounterId: string): Promise<Attachment[]> {
  const rows = await db
    .selectFrom('attachment')
    .selectAll()
    .where('encounter_id', '=', encounterId)
    .where('status', 'in', ['in-progress', 'completed'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const annotations = await annotationsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => attachmentView(row, annotations.get(row.id) ?? null));
}

const selectStillRequests = (db: Reader) =>
  db
    .selectFrom('still_request')
    .innerJoin('practitioner', 'practitioner.account_id', 'still_request.requested_by')
    .select(['still_request.id', 'still_request.status', 'still_request.requested_at', 'practitioner.name']);
const stillRequestView = (
  row: Awaited<ReturnType<ReturnType<typeof selectStillRequests>['executeTakeFirstOrThrow']>>,
): StillRequest => ({
  stillRequestId: StillRequestId.parse(row.id),
  status: row.status,
  requestedBy: row.name,
  requestedAt: row.requested_at.toISOString(),
});

/** The newest one of a visit. */
export async function latestStillRequest(db: Reader, encounterId: string): Promise<StillRequest | null> {
  const row = await selectStillRequests(db)
    .where('still_request.encounter_id', '=', encounterId)
    .orderBy('still_request.requested_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : stillRequestView(row);
}

export const oneStillRequest = async (db: Reader, stillRequestId: string): Promise<StillRequest> =>
  stillRequestView(
    await selectStillRequests(db).where('still_request.id', '=', stillRequestId).executeTakeFirstOrThrow(),
  );
