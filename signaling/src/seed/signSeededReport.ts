import { createHash } from 'node:crypto';
import type { NoteContent } from '@cloud-hospital/protocol/rest';
import canonicalize from 'canonicalize';
import type { Insertable } from 'kysely';
import type { Signer } from '../domain/Signer.ts';
import type { ReportVersionTable } from '../store/schema.ts';
import type { Random } from './random.ts';
import type { Clinic } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { SpecialistMember } from './seedStaff.ts';

export interface SeededReport {
  readonly reportId: string;
  readonly encounterId: string;
  readonly note: NoteContent;
  readonly resident: Resident;
  readonly specialist: SpecialistMember;
  readonly clinic: Clinic;
  readonly time: { readonly startedAt: Date; readonly signedAt: Date };
}

/** Signed with the installation's own key, so that a seeded report verifies like any other. */
export async function signSeededReport(
  signer: Signer,
  random: Random,
  { reportId, encounterId, note, resident, specialist, clinic, time }: SeededReport,
): Promise<Insertable<ReportVersionTable>> {
  const document = canonicalize({
    reportId,
    encounterId,
    version: 1,
    patientId: resident.patientId,
    practitionerRoleId: specialist.practitionerRoleId,
    locationId: clinic.id,
    consultedAt: time.startedAt.toISOString(),
    signedAt: time.signedAt.toISOString(),
    content: note,
  });
  if (document === undefined) throw new TypeError('a report must be JSON');
  const digest = createHash('sha256').update(document, 'utf8').digest();
  const signature = await signer.sign(digest);
  return {
    report_id: reportId,
    version: 1,
    content: JSON.stringify(note),
    document,
    sha256: digest.toString('hex'),
    signature: Buffer.from(signature).toString('base64url'),
    key_id: signer.keyId,
    verification_token: random.uuid().replaceAll('-', ''),
    signed_by: specialist.practitionerRoleId,
    signed_at: time.signedAt,
  };
}
