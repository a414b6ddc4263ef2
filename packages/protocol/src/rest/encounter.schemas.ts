import { z } from 'zod';
import {
  AppointmentId,
  ConsentId,
  DepartmentCode,
  EncounterId,
  ObservationId,
  PractitionerRoleId,
  QueueEntryId,
  ReportId,
} from '../common/ids.ts';
import { IdentityNumber } from '../common/identityNumber.ts';
import { Instant, LocalDate, LocalizedText, Phone, Version } from '../common/values.ts';
import { ConsentPurpose, ConsentStatus, EncounterOutcome, EncounterStatus } from '../states/index.ts';
import { Complaint } from './booking.schemas.ts';
import { ClinicRef, SpecialistRef } from './directory.schemas.ts';
import { QueuePlace, Readiness } from './queue.schemas.ts';
import { NoteContent, Report } from './report.schemas.ts';
import { PatientRef } from './session.schemas.ts';
import { VitalCode, VitalInput } from './vitals.ts';

/** What the worklist says in one word (`worklist.status.<code>`). */
export const WorklistStatus = z.enum([
  'booked',
  'late',
  'checked-in',
  'waiting',
  'called',
  'in-progress',
  'onleave',
  'report-pending',
  'to-print',
  'done',
  'cancelled',
  'noshow',
]);
export type WorklistStatus = z.infer<typeof WorklistStatus>;

export const WorklistItem = z.object({
  appointmentId: AppointmentId.nullable(),
  encounterId: EncounterId.nullable(),
  queueEntryId: QueueEntryId.nullable(),
  reportId: ReportId.nullable(),
  status: WorklistStatus,
  patient: PatientRef,
  /** Null while the visit waits in the department's pool. */
  specialist: SpecialistRef.nullable(),
  departmentName: LocalizedText,
  scheduledStart: Instant.nullable(),
  checkedInAt: Instant.nullable(),
  ticketNumber: z.string(),
  complaint: z.string(),
  /** The time was taken out of the schedule: ask the resident which of the proposals they take. */
  answerNeeded: z.boolean(),
  readiness: Readiness,
  place: QueuePlace.nullable(),
});
export type WorklistItem = z.infer<typeof WorklistItem>;

export const Worklist = z.object({
  date: LocalDate,
  clinic: ClinicRef,
  items: z.array(WorklistItem),
  now: Instant,
});
export type Worklist = z.infer<typeof Worklist>;

/** Check-in by what the resident has: the QR ticket's text, the identity number, or picked from the list by name. */
export const CheckInInput = z.discriminatedUnion('by', [
  z.object({ by: z.literal('ticket'), ticketQr: z.string().max(200) }),
  z.object({ by: z.literal('identity-number'), identityNumber: IdentityNumber }),
  z.object({
    by: z.literal('name'),
    appointmentId: AppointmentId,
    /** Staff looked at the identity card: from now on the person's history is visible. */
    identityVerified: z.boolean(),
  }),
]);

/** With a named specialist, or in a department's pool. */
export const WalkInInput = z
  .object({
    name: z.string().trim().min(2).max(40),
    identityNumber: IdentityNumber,
    phone: Phone.optional(),
    practitionerRoleId: PractitionerRoleId.optional(),
    departmentCode: DepartmentCode.optional(),
    complaint: Complaint,
    urgent: z.boolean().default(false),
  })
  .refine((input) => (input.practitionerRoleId === undefined) !== (input.departmentCode === undefined), {
    path: ['practitionerRoleId'],
  });

/** In the details of LIMIT_REACHED `walk-ins` or `on-leave`: who of the department still takes somebody. */
export const WalkInColleague = z.object({
  practitionerRoleId: PractitionerRoleId,
  name: LocalizedText,
  hospital: LocalizedText,
  left: z.int(),
});

export const Consent = z.object({
  consentId: ConsentId,
  purpose: ConsentPurpose,
  status: ConsentStatus,
  recordedAt: Instant,
  recordedBy: z.string(),
});
export type Consent = z.infer<typeof Consent>;
export const ConsentInput = z.object({
  encounterId: EncounterId,
  purpose: ConsentPurpose,
  decision: z.enum(['active', 'rejected', 'inactive']),
  /** How it was given. Signature images come with attachments. */
  method: z.enum(['signed-paper', 'spoken-witnessed', 'on-screen', 'phone']),
});

export const Observation = z.object({
  observationId: ObservationId,
  code: VitalCode,
  value: z.number(),
  effectiveAt: Instant,
  recordedBy: z.string(),
  /** Outside the usual adult range. */
  attention: z.boolean(),
});
export type Observation = z.infer<typeof Observation>;
export const ObservationsInput = z.object({ encounterId: EncounterId, vitals: z.array(VitalInput).min(1).max(20) });

export const HistoryItem = z.object({
  encounterId: EncounterId,
  reportId: ReportId.nullable(),
  date: LocalDate,
  specialistName: z.string(),
  departmentName: LocalizedText,
  conclusion: z.string(),
});
export type HistoryItem = z.infer<typeof HistoryItem>;

/** The whole chart of one visit. Reading it is audited. */
export const Encounter = z.object({
  encounterId: EncounterId,
  version: Version,
  status: EncounterStatus,
  outcome: EncounterOutcome.nullable(),
  appointmentId: AppointmentId.nullable(),
  patient: PatientRef,
  /** Null while the visit waits in the department's pool. */
  specialist: SpecialistRef.nullable(),
  departmentName: LocalizedText,
  clinic: ClinicRef,
  complaint: z.string(),
  scheduledStart: Instant.nullable(),
  checkedInAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  ticketNumber: z.string(),
  queueEntryId: QueueEntryId.nullable(),
  readiness: Readiness,
  consents: z.array(Consent),
  observations: z.array(Observation),
  /** Vitals of earlier visits, oldest first, for the trend. */
  vitalsHistory: z.array(Observation),
  history: z.array(HistoryItem),
  note: z.object({ content: NoteContent, version: z.int(), savedAt: Instant }).nullable(),
  report: Report.nullable(),
  now: Instant,
});
export type Encounter = z.infer<typeof Encounter>;

export const ReadyInput = z.object({ encounterId: EncounterId, ready: z.boolean() });
export const FinishInput = z.object({ encounterId: EncounterId, version: Version, outcome: EncounterOutcome });
