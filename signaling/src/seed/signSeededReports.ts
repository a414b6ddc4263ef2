import type { NoteContent } from '@cloud-hospital/protocol/rest';
import type { Insertable } from 'kysely';
import { type PresenceEvent, summarisePresence } from '../domain/presence.ts';
import { canonicalText, documentDigest, reportDocument } from '../domain/reportDocument.ts';
import type { Signer } from '../domain/Signer.ts';
import type { Tx } from '../store/database.ts';
import { loadRefs } from '../store/refs.ts';
import type { ReportVersionTable } from '../store/schema.ts';
import type { Random } from './random.ts';

export interface SeededReport {
  readonly reportId: string;
  readonly encounterId: string;
  readonly patientId: string;
  readonly practitionerRoleId: string;
  readonly locationId: string;
  readonly complaint: string;
  readonly note: NoteContent;
  readonly checkedInAt: Date;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly signedAt: Date;
  readonly participants: readonly { readonly id: string; readonly role: string; readonly name: string }[];
  readonly events: readonly PresenceEvent[];
}

/** Signs each with the installation's own key, exactly as the specialist's signature would: seeded reports verify. */
export async function signSeededReports(
  tx: Tx,
  random: Random,
  signer: Signer,
  reports: readonly SeededReport[],
  now: Date,
): Promise<Insertable<ReportVersionTable>[]> {
  const refs = await loadRefs(
    tx,
    {
      patients: reports.map(({ patientId }) => patientId),
      clinics: reports.map(({ locationId }) => locationId),
      specialists: reports.map(({ practitionerRoleId }) => practitionerRoleId),
    },
    now,
  );
  return Promise.all(
    reports.map(async (report) => {
      const verificationToken = random.uuid().replaceAll('-', '');
      const document = reportDocument({
        images: [],
        ...report,
        version: 1,
        keyId: signer.keyId,
        patient: refs.patient(report.patientId),
        specialist: refs.specialist(report.practitionerRoleId),
        clinic: refs.clinic(report.locationId),
        scheduledStart: null,
        presence: summarisePresence(
          report.participants.map((one) => ({ ...one, guest: null })),
          report.events,
          report.endedAt,
        ),
        content: report.note,
      });
      const text = canonicalText(document);
      const digest = documentDigest(text);
      return {
        report_id: report.reportId,
        version: 1,
        content: JSON.stringify(report.note),
        document: text,
        sha256: digest.toString('hex'),
        signature: Buffer.from(await signer.sign(digest)).toString('base64url'),
        key_id: signer.keyId,
        verification_token: verificationToken,
        signed_by: report.practitionerRoleId,
        signed_at: report.signedAt,
      };
    }),
  );
}
