import { AppError } from '@cloud-hospital/protocol';
import type { Verification } from '@cloud-hospital/protocol/rest';
import { maskName } from '../../domain/masking.ts';
import { documentDigest } from '../../domain/reportDocument.ts';
import type { Services } from '../../Services.ts';
import { loadRefs } from '../../store/refs.ts';

/**
 * What the public verification page says about a printed report: the digest is computed anew from the stored document
 * and the signature checked over it. Nothing clinical, and of the patient only the family name.
 * @throws AppError NOT_FOUND for a token this service never gave out
 */
export async function verify(services: Services, input: { readonly token: string }): Promise<Verification> {
  const { db, reportSigner } = services;
  const row = await db
    .selectFrom('report_version')
    .innerJoin('report', 'report.id', 'report_version.report_id')
    .innerJoin('patient', 'patient.id', 'report.patient_id')
    .select([
      'report_version.version',
      'report_version.document',
      'report_version.sha256',
      'report_version.signature',
      'report_version.key_id',
      'report_version.signed_by',
      'report_version.signed_at',
      'report.version as newest',
      'patient.name',
    ])
    .where('report_version.verification_token', '=', input.token)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  const digest = documentDigest(row.document);
  const genuine = await reportSigner.verify(digest, Buffer.from(row.signature, 'base64url'), row.key_id);
  const specialist = (await loadRefs(db, { specialists: [row.signed_by] }, row.signed_at)).specialist(row.signed_by);
  return {
    valid: genuine && digest.toString('hex') === row.sha256,
    superseded: row.newest > row.version,
    signedAt: row.signed_at.toISOString(),
    specialistName: specialist.name,
    specialistTitle: specialist.title,
    hospitalName: specialist.hospital.name,
    patientNameMasked: maskName(row.name),
    sha256: row.sha256,
  };
}
