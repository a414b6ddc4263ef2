import { createHash } from 'node:crypto';
import type { ClinicRef, NoteContent, PatientRef, SignedImage, SpecialistRef } from '@cloud-hospital/protocol/rest';
import canonicalize from 'canonicalize';
import type { PresenceSummary } from './presence.ts';

/**
 * Names the shape of the signed document; a change of shape gets a new name, so that old ones stay readable.
 * 1: presence as single events; 2: as spans of time.
 */
export const REPORT_SCHEMA = 'cloud-hospital/report/2';

export interface ReportFacts {
  readonly reportId: string;
  readonly version: number;
  readonly encounterId: string;
  readonly patient: PatientRef;
  readonly specialist: SpecialistRef;
  readonly clinic: ClinicRef;
  readonly complaint: string;
  readonly scheduledStart: Date | null;
  readonly checkedInAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly signedAt: Date;
  readonly keyId: string;
  readonly presence: readonly PresenceSummary[];
  readonly content: NoteContent;
  readonly images: readonly SignedImage[];
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** What is signed: everything the print shows, readable without this software and without its database. */
export const reportDocument = (facts: ReportFacts) => ({
  schema: REPORT_SCHEMA,
  report: { id: facts.reportId, version: facts.version, signedAt: facts.signedAt.toISOString(), keyId: facts.keyId },
  encounter: {
    id: facts.encounterId,
    complaint: facts.complaint,
    scheduledStart: instant(facts.scheduledStart),
    checkedInAt: instant(facts.checkedInAt),
    startedAt: instant(facts.startedAt),
    endedAt: instant(facts.endedAt),
  },
  patient: {
    id: facts.patient.patientId,
    name: facts.patient.name,
    gender: facts.patient.gender,
    birthDate: facts.patient.birthDate,
    identityMasked: facts.patient.identityMasked,
  },
  specialist: {
    practitionerRoleId: facts.specialist.practitionerRoleId,
    name: facts.specialist.name,
    title: facts.specialist.title,
    department: facts.specialist.departmentName,
    hospital: facts.specialist.hospital,
  },
  clinic: { locationId: facts.clinic.locationId, name: facts.clinic.name, subDistrict: facts.clinic.subDistrict },
  presence: facts.presence,
  content: facts.content,
  ...(facts.images.length === 0 ? {} : { images: facts.images }),
});

/** RFC 8785: one text for one document, whatever wrote it. */
export function canonicalText(document: unknown): string {
  const text = canonicalize(document);
  if (text === undefined) throw new TypeError('a signed document must be JSON');
  return text;
}

/** SHA-256 over the UTF-8 bytes of the canonical text: the 32 bytes that are signed. */
export const documentDigest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
