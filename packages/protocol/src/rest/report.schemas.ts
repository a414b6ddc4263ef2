import { z } from 'zod';
import { AttachmentId, EncounterId, ReportId } from '../common/ids.ts';
import { Instant, LocalizedText, Version } from '../common/values.ts';
import { ClinicDecision, GuestKind, ReportStatus } from '../states/index.ts';
import { AnnotationLayer, ContentType } from './exchange.schemas.ts';
import { ClinicRef, SpecialistRef } from './directory.schemas.ts';
import { PatientRef } from './session.schemas.ts';

const text = (max: number) => z.string().trim().max(max);

export const Diagnosis = z.object({
  /** ICD-10 code where coded, e.g. `I10.x00`; null for free text. */
  code: z.string().max(12).nullable(),
  text: text(120).min(1),
});
export const Prescription = z.object({
  medication: text(80).min(1),
  dose: text(40),
  frequency: text(40),
  days: z.int().min(1).max(90),
});

/** The specialist's note; what is signed is exactly this, canonicalised. */
export const NoteContent = z.object({
  findings: text(4000),
  diagnoses: z.array(Diagnosis).max(10),
  advice: text(4000),
  prescriptions: z.array(Prescription).max(10),
  followUpDays: z.int().min(1).max(365).nullable(),
  referral: text(400),
  /** For the resident, in words they use at home. */
  plainSummary: text(1000),
  /** Pictures that belong to the opinion and go to the resident with it; absent: none. */
  images: z.array(AttachmentId).max(12).optional(),
});
export type NoteContent = z.infer<typeof NoteContent>;

export const EMPTY_NOTE: NoteContent = {
  findings: '',
  diagnoses: [],
  advice: '',
  prescriptions: [],
  followUpDays: null,
  referral: '',
  plainSummary: '',
};

/** A picture as it was signed: the content by its hash, and what was drawn on it at that moment. */
export const SignedImage = z.object({
  attachmentId: AttachmentId,
  contentType: ContentType,
  sha256: z.string(),
  annotationVersion: z.int().nullable(),
});
export type SignedImage = z.infer<typeof SignedImage>;
export const ReportImage = z.object({
  attachmentId: AttachmentId,
  width: z.int().nullable(),
  height: z.int().nullable(),
  annotation: AnnotationLayer.nullable(),
});
export type ReportImage = z.infer<typeof ReportImage>;

/** Who was in the room and when, as it was signed. */
export const SignedPresence = z.object({
  role: z.string(),
  guest: GuestKind.nullable(),
  name: z.string(),
  /** `to` null: still there when it was signed. */
  intervals: z.array(z.object({ from: Instant, to: Instant.nullable() })),
});
export type SignedPresence = z.infer<typeof SignedPresence>;

export const Report = z.object({
  reportId: ReportId,
  encounterId: EncounterId,
  version: Version,
  status: ReportStatus,
  content: NoteContent,
  images: z.array(ReportImage),
  presence: z.array(SignedPresence),
  patient: PatientRef,
  specialist: SpecialistRef,
  clinic: ClinicRef,
  consultedAt: Instant,
  signedAt: Instant,
  /** SHA-256 over the canonical JSON (RFC 8785) of the signed document, lower-case hex. */
  sha256: z.string(),
  /** Ed25519 signature of that digest, base64url. */
  signature: z.string(),
  keyId: z.string(),
  /** Opens the public verification page; what the print's QR carries. */
  verificationUrl: z.string(),
  clinicDecision: z
    .object({ decision: ClinicDecision, reason: z.string(), decidedBy: z.string(), decidedAt: Instant })
    .nullable(),
});
export type Report = z.infer<typeof Report>;

export const NoteInput = z.object({
  encounterId: EncounterId,
  content: NoteContent,
  /** Version the draft is based on, 0 for the first. Another tab's newer draft answers VERSION_CONFLICT. */
  baseVersion: z.int().min(0),
});
export const SignInput = z.object({
  encounterId: EncounterId,
  content: NoteContent,
  /** Signing asks for the password again. */
  password: z.string().min(1).max(128),
});
export const DecisionInput = z.object({
  reportId: ReportId,
  version: Version,
  decision: ClinicDecision,
  reason: text(400),
});
export const Verification = z.object({
  valid: z.boolean(),
  /** The signature is genuine, but a newer version of the report exists. */
  superseded: z.boolean(),
  signedAt: Instant,
  specialistName: z.string(),
  specialistTitle: LocalizedText,
  hospitalName: LocalizedText,
  /** Family name only, e.g. 王**. */
  patientNameMasked: z.string(),
  sha256: z.string(),
});
export type Verification = z.infer<typeof Verification>;
export const ReportSummary = z.object({
  reportId: ReportId,
  patient: PatientRef,
  encounterId: EncounterId,
  status: ReportStatus,
  signedAt: Instant,
  specialistName: z.string(),
  departmentName: LocalizedText,
  hospitalName: LocalizedText,
  plainSummary: z.string(),
});
export type ReportSummary = z.infer<typeof ReportSummary>;
