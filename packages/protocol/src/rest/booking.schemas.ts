import { z } from 'zod';
import {
  AppointmentId,
  EncounterId,
  LocationId,
  PatientId,
  PractitionerRoleId,
  QueueEntryId,
  ReportId,
  SlotId,
} from '../common/ids.ts';
import { Role } from '../common/roles.ts';
import { Instant, LocalDate, Version } from '../common/values.ts';
import { AppointmentStatus, CancellationReason, ScheduleChangeCause, WaitlistPassReason } from '../states/index.ts';
import { ClinicRef, SpecialistRef } from './directory.schemas.ts';
import { PatientRef } from './session.schemas.ts';
import { DeviceCheck } from './terminal.schemas.ts';

export const Complaint = z.string().trim().min(2).max(500);

const PhoneVisit = z.object({
  /** The specialist sees residents at their own phone. */
  allowed: z.boolean(),
  /** This visit is one. */
  chosen: z.boolean(),
  checkInFrom: Instant.nullable(),
  /** The resident said so; the phone can be called. */
  ready: z.boolean(),
});

export const Appointment = z.object({
  appointmentId: AppointmentId,
  version: Version,
  status: AppointmentStatus,
  start: Instant,
  end: Instant,
  specialist: SpecialistRef,
  /** Chosen at confirmation at the latest. */
  clinic: ClinicRef.nullable(),
  patient: PatientRef,
  complaint: z.string(),
  /** E.g. `A012`, unique for the specialist's day; shown on shared screens instead of the name. */
  ticketNumber: z.string().nullable(),
  /** Text of the ticket's QR code: the appointment's id with a signature; good for check-in by staff and nothing else. */
  ticketQr: z.string().nullable(),
  holdExpiresAt: Instant.nullable(),
  cancellationReason: CancellationReason.nullable(),
  /** Up to then the resident may cancel or move it; null when it can't be any more. The clinic always can. */
  changeableUntil: Instant.nullable(),
  /** So long before the start residents can't cancel or move any more. */
  changeCutoffMinutes: z.number(),
  /** Identity through every move to another time, and how many there were: a calendar updates its entry. */
  seriesId: AppointmentId,
  moves: z.int(),
  /** What it was moved to. */
  rescheduledTo: AppointmentId.nullable(),
  /** Somebody else booked: family, or staff at a desk. */
  bookedByProxy: z.boolean(),
  /** Who that was; null when the person booked themselves. */
  bookedBy: z.object({ name: z.string(), role: Role }).nullable(),
  encounterId: EncounterId.nullable(),
  queueEntryId: QueueEntryId.nullable(),
  reportId: ReportId.nullable(),
  /** Its time was taken out of the schedule and somebody has to say what instead; null: all is well. */
  scheduleChange: z.object({ cause: ScheduleChangeCause, answerBy: Instant }).nullable().default(null),
  /** Of the resident's own phone, last; null: none yet. */
  deviceCheck: DeviceCheck.extend({ testedAt: Instant }).nullable().default(null),
  /** From the resident's own phone instead of the clinic's terminal. */
  phone: PhoneVisit.default({ allowed: false, chosen: false, checkInFrom: null, ready: false }),
  /** The database's clock when this was read, for countdowns. */
  now: Instant,
});
export type Appointment = z.infer<typeof Appointment>;

export const HoldInput = z.object({ slotId: SlotId, patientId: PatientId, locationId: LocationId.optional() });
export const ConfirmInput = z.object({
  appointmentId: AppointmentId,
  version: Version,
  locationId: LocationId,
  complaint: Complaint,
  /** From the resident's own phone; the clinic stays responsible. NO_PHONE_VISITS where the specialist doesn't allow it. */
  byPhone: z.boolean().optional(),
});
export const PhoneCheckInInput = z.object({
  appointmentId: AppointmentId,
  /** Read and agreed to: without it there is no check-in. */
  consultation: z.literal(true),
  recording: z.boolean(),
});
export const PhoneReadyInput = z.object({ appointmentId: AppointmentId, ready: z.boolean() });
export const DeviceCheckInput = z.object({ appointmentId: AppointmentId, check: DeviceCheck });
export const CancelInput = z.object({
  appointmentId: AppointmentId,
  version: Version,
  reason: CancellationReason.extract([
    'hold-released',
    'patient-request',
    'feels-better',
    'time-unsuitable',
    'cannot-travel',
    'seen-elsewhere',
    'booked-by-mistake',
    'staff-request',
    'other',
  ]),
});
/** Another time for a booked appointment; another clinic where one is named. */
export const RescheduleInput = z.object({
  appointmentId: AppointmentId,
  version: Version,
  slotId: SlotId,
  locationId: LocationId.optional(),
});

/** In the details of SLOT_TAKEN: the nearest free slots, the same specialist's first. */
export const SlotAlternative = z.object({ slotId: SlotId, start: Instant, specialistName: z.string() });
export type SlotAlternative = z.infer<typeof SlotAlternative>;

/** A place on the waiting list of a specialist; its id becomes the appointment's. */
export const WaitlistEntry = z.object({
  appointmentId: AppointmentId,
  version: Version,
  specialist: SpecialistRef,
  clinic: ClinicRef.nullable(),
  patient: PatientRef,
  complaint: z.string(),
  joinedAt: Instant,
  /** First and last day the person would come; null: any. */
  from: LocalDate.nullable(),
  to: LocalDate.nullable(),
  /** How many wait longer for this specialist on any of the same days. */
  ahead: z.int(),
  /** The specialist sees residents at their own phone: the offer may be taken so. */
  phoneAllowed: z.boolean(),
  /** A released time, kept for this person until then: confirmed like any hold. */
  offer: z.object({ start: Instant, end: Instant, expiresAt: Instant }).nullable(),
  /** Times that went to others since, because this person could not have taken them; newest first. */
  passedOver: z.array(z.object({ start: Instant, reason: WaitlistPassReason })),
  now: Instant,
});
export type WaitlistEntry = z.infer<typeof WaitlistEntry>;

export const JoinWaitlistInput = z.object({
  patientId: PatientId,
  practitionerRoleId: PractitionerRoleId,
  locationId: LocationId,
  complaint: Complaint,
  from: LocalDate.optional(),
  to: LocalDate.optional(),
});
export const WaitlistAnswerInput = z.object({ appointmentId: AppointmentId });
export const Left = z.object({});
export type Left = z.infer<typeof Left>;
