import { z } from 'zod';
import { AttachmentId, ChatMessageId, EncounterId, StillRequestId } from '../common/ids.ts';
import { Role } from '../common/roles.ts';
import { Instant } from '../common/values.ts';

/** What may be sent; everything else is refused by its content. Pictures of the first two are shown in the viewer. */
export const CONTENT_TYPES = ['image/jpeg', 'image/png', 'image/heic', 'application/pdf', 'application/dicom'] as const;
export const ContentType = z.enum(CONTENT_TYPES);
export type ContentType = z.infer<typeof ContentType>;
export const isViewable = (type: ContentType | null): boolean => type === 'image/jpeg' || type === 'image/png';

export const AttachmentKind = z.enum(['still', 'file']);
export type AttachmentKind = z.infer<typeof AttachmentKind>;
/** Of FHIR R4 Media: on its way, checked and final, refused by its content, given up on. */
export const AttachmentStatus = z.enum(['in-progress', 'completed', 'not-done', 'stopped']);
export type AttachmentStatus = z.infer<typeof AttachmentStatus>;

/** Of the unturned picture: 0, 0 is its upper left corner, 1, 1 its lower right. Slightly outside is allowed. */
const Coordinate = z.number().min(-0.5).max(1.5);
const Point = z.tuple([Coordinate, Coordinate]);
export type Point = z.infer<typeof Point>;
export const AnnotationColour = z.enum(['yellow', 'red', 'blue']);
export type AnnotationColour = z.infer<typeof AnnotationColour>;
const drawn = { colour: AnnotationColour };
export const AnnotationShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('arrow'), ...drawn, from: Point, to: Point }),
  /** Within the box of two corners. */
  z.object({ type: z.literal('circle'), ...drawn, from: Point, to: Point }),
  z.object({ type: z.literal('freehand'), ...drawn, points: z.array(Point).min(2).max(400) }),
  z.object({ type: z.literal('text'), ...drawn, at: Point, text: z.string().trim().min(1).max(80) }),
]);
export type AnnotationShape = z.infer<typeof AnnotationShape>;
export const AnnotationLayer = z.object({
  /** Degrees clockwise in which the picture is looked at. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  shapes: z.array(AnnotationShape).max(60),
});
export type AnnotationLayer = z.infer<typeof AnnotationLayer>;
export const Annotation = AnnotationLayer.extend({
  version: z.int().min(1),
  authorName: z.string(),
  savedAt: Instant,
});
export type Annotation = z.infer<typeof Annotation>;

const Author = z.object({ name: z.string(), role: Role });

export const Attachment = z.object({
  attachmentId: AttachmentId,
  encounterId: EncounterId,
  kind: AttachmentKind,
  status: AttachmentStatus,
  title: z.string(),
  /** Null until the content was looked into. */
  contentType: ContentType.nullable(),
  bytes: z.int(),
  receivedBytes: z.int(),
  /** Pixels, of pictures. */
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** Lower-case hex. */
  sha256: z.string().nullable(),
  author: Author,
  createdAt: Instant,
  annotation: Annotation.nullable(),
});
export type Attachment = z.infer<typeof Attachment>;

export const StillRequest = z.object({
  stillRequestId: StillRequestId,
  status: z.enum(['requested', 'taken', 'discarded', 'failed']),
  requestedBy: z.string(),
  requestedAt: Instant,
});
export type StillRequest = z.infer<typeof StillRequest>;

/** `resident`: alone at their own phone. */
export const ChatSide = z.enum(['clinic', 'specialist', 'resident']);
export type ChatSide = z.infer<typeof ChatSide>;
export const chatSideOf = (role: Role): ChatSide => (role === 'specialist' || role === 'resident' ? role : 'clinic');
export const ChatMessage = z.object({
  messageId: ChatMessageId,
  text: z.string(),
  author: Author,
  sentAt: Instant,
});
export type ChatMessage = z.infer<typeof ChatMessage>;
/** Everything up to then was on a screen of that side. */
export const ChatReceipt = z.object({ side: ChatSide, readUntil: Instant });
export type ChatReceipt = z.infer<typeof ChatReceipt>;

/** Everything exchanged beside the video of one encounter, oldest first. */
export const Exchange = z.object({
  attachments: z.array(Attachment),
  messages: z.array(ChatMessage),
  receipts: z.array(ChatReceipt),
  /** The newest one. */
  stillRequest: StillRequest.nullable(),
  now: Instant,
});
export type Exchange = z.infer<typeof Exchange>;

/** Upload-Metadata of a tus upload's creation. */
export const UploadMetadata = z.object({
  encounterId: EncounterId,
  kind: AttachmentKind,
  title: z.string().trim().min(1).max(120),
  stillRequestId: StillRequestId.optional(),
});
export type UploadMetadata = z.infer<typeof UploadMetadata>;
export const UPLOAD_PATH = '/api/uploads';
export const attachmentContentPath = (attachmentId: AttachmentId): string => `/api/attachments/${attachmentId}/content`;
