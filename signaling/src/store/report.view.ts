import { AppError, EncounterId, ReportId } from '@cloud-hospital/protocol';
import {
  type NoteContent,
  type Report,
  type ReportImage,
  type ReportSummary,
  type SignedImage,
  SignedPresence,
} from '@cloud-hospital/protocol/rest';
import type { ClinicDecision, ReportStatus } from '@cloud-hospital/protocol/states';
import { type Kysely, type NotNull, sql } from 'kysely';
import { z } from 'zod';
import { loadRefs } from './refs.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

/** Reports with their newest version and what the clinic decided on it; the base of every query that shows reports. */
export const selectReports = (db: Reader) =>
  db
    .selectFrom('report')
    .innerJoin('report_version', (join) =>
      join.onRef('report_version.report_id', '=', 'report.id').onRef('report_version.version', '=', 'report.version'),
    )
    .innerJoin('encounter', 'encounter.id', 'report.encounter_id')
    .leftJoin('clinic_decision', (join) =>
      join
        .onRef('clinic_decision.report_id', '=', 'report.id')
        .onRef('clinic_decision.report_version', '=', 'report.version'),
    )
    .select([
      'report.id',
      'report.encounter_id',
      'report.patient_id',
      'report.status',
      'report.version',
      'report_version.content',
      'report_version.sha256',
      'report_version.signature',
      'report_version.key_id',
      'report_version.verification_token',
      'report_version.signed_at',
      // As they were signed, with the hash.
      sql<SignedImage[] | null>`report_version.document::jsonb -> 'images'`.as('signed_images'),
      sql<unknown>`report_version.document::jsonb -> 'presence'`.as('signed_presence'),
      'encounter.practitioner_role_id',
      'encounter.location_id',
      'encounter.started_at',
      'encounter.checked_in_at',
      'encounter.created_at',
      'encounter.printed_at',
      'clinic_decision.decision',
      'clinic_decision.reason as decision_reason',
      'clinic_decision.decided_by_name',
      'clinic_decision.decided_at',
    ])
    // A visit with a report has had its specialist.
    .$narrowType<{ practitioner_role_id: NotNull }>();

export interface ReportRow {
  id: string;
  encounter_id: string;
  patient_id: string;
  status: ReportStatus;
  version: number;
  content: NoteContent;
  sha256: string;
  signature: string;
  key_id: string;
  verification_token: string;
  signed_at: Date;
  signed_images: SignedImage[] | null;
  signed_presence: unknown;
  practitioner_role_id: string;
  location_id: string;
  started_at: Date | null;
  checked_in_at: Date | null;
  created_at: Date;
  printed_at: Date | null;
  decision: ClinicDecision | null;
  decision_reason: string | null;
  decided_by_name: string | null;
  decided_at: Date | null;
}

/** @param publicOrigin what the browser sees, e.g. `https://clinic.example` */
export const verificationUrl = (publicOrigin: string, token: string): string => `${publicOrigin}/verify/${token}`;

/** The signed pictures of these reports by their id, drawn on as they were when they were signed. */
async function reportImages(db: Reader, rows: readonly ReportRow[]): Promise<Map<string, ReportImage>> {
  const signed = rows.flatMap((row) => row.signed_images ?? []);
  if (signed.length === 0) return new Map();
  const found = await db
    .selectFrom('attachment')
    .leftJoin('attachment_annotation', 'attachment_annotation.attachment_id', 'attachment.id')
    .select(['attachment.id', 'attachment.width', 'attachment.height', 'version', 'layer'])
    .where(
      'attachment.id',
      'in',
      signed.map(({ attachmentId }) => attachmentId),
    )
    .execute();
  return new Map(
    signed.flatMap(({ attachmentId, annotationVersion }) => {
      const versions = found.filter(({ id }) => id === attachmentId);
      const [picture] = versions;
      if (picture === undefined) return [];
      const annotation = versions.find(({ version }) => version === annotationVersion)?.layer ?? null;
      return [[attachmentId, { attachmentId, width: picture.width, height: picture.height, annotation }]];
    }),
  );
}

/** @param now the database's clock */
export async function reportViews(
  db: Reader,
  rows: readonly ReportRow[],
  publicOrigin: string,
  now: Date,
): Promise<Report[]> {
  const [refs, images] = await Promise.all([
    loadRefs(
      db,
      {
        patients: rows.map((row) => row.patient_id),
        clinics: rows.map((row) => row.location_id),
        specialists: rows.map((row) => row.practitioner_role_id),
      },
      now,
    ),
    reportImages(db, rows),
  ]);
  return rows.map((row) => ({
    reportId: ReportId.parse(row.id),
    encounterId: EncounterId.parse(row.encounter_id),
    version: row.version,
    status: row.status,
    content: row.content,
    // Documents of the first shape hold single events, which nobody reads.
    presence: z.array(SignedPresence).safeParse(row.signed_presence).data ?? [],
    images: (row.signed_images ?? []).flatMap(({ attachmentId }) => images.get(attachmentId) ?? []),
    patient: refs.patient(row.patient_id),
    specialist: refs.specialist(row.practitioner_role_id),
    clinic: refs.clinic(row.location_id),
    consultedAt: (row.started_at ?? row.checked_in_at ?? row.created_at).toISOString(),
    signedAt: row.signed_at.toISOString(),
    sha256: row.sha256,
    signature: row.signature,
    keyId: row.key_id,
    verificationUrl: verificationUrl(publicOrigin, row.verification_token),
    clinicDecision:
      row.decision === null || row.decided_at === null
        ? null
        : {
            decision: row.decision,
            reason: row.decision_reason ?? '',
            decidedBy: row.decided_by_name ?? '',
            decidedAt: row.decided_at.toISOString(),
          },
  }));
}

export async function reportSummaries(db: Reader, rows: readonly ReportRow[], now: Date): Promise<ReportSummary[]> {
  const refs = await loadRefs(
    db,
    { patients: rows.map((row) => row.patient_id), specialists: rows.map((row) => row.practitioner_role_id) },
    now,
  );
  return rows.map((row) => {
    const specialist = refs.specialist(row.practitioner_role_id);
    return {
      reportId: ReportId.parse(row.id),
      patient: refs.patient(row.patient_id),
      encounterId: EncounterId.parse(row.encounter_id),
      status: row.status,
      signedAt: row.signed_at.toISOString(),
      specialistName: specialist.name,
      departmentName: specialist.departmentName,
      hospitalName: specialist.hospital.name,
      plainSummary: row.content.plainSummary,
    };
  });
}

/** The one view of a list that must have one. */
export function onlyOne<T>(views: readonly T[]): T {
  const [view] = views;
  if (view === undefined || views.length > 1) throw new AppError('INTERNAL', { reason: 'expected one row' });
  return view;
}
