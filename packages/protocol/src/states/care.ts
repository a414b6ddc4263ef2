import { z } from 'zod';
import type { TransitionTable } from './transitionTable.ts';

/** FHIR R4 SlotStatus. `busy-tentative` is a held slot. */
export const SlotStatus = z.enum(['free', 'busy-tentative', 'busy', 'busy-unavailable']);
export type SlotStatus = z.infer<typeof SlotStatus>;
export const SLOT_TRANSITIONS: TransitionTable<SlotStatus> = {
  free: ['busy-tentative', 'busy', 'busy-unavailable'],
  'busy-tentative': ['busy', 'free', 'busy-unavailable'],
  busy: ['free', 'busy-unavailable'],
  // Back in the schedule; `busy` where somebody still has that time.
  'busy-unavailable': ['free', 'busy'],
};

/**
 * FHIR R4 AppointmentStatus, as far as this service uses it. `pending` is the five-minute hold, or a released time that
 * is offered to somebody on the waiting list; declined or unanswered, they wait on (`pending → waitlist`).
 */
export const AppointmentStatus = z.enum([
  'waitlist',
  'pending',
  'booked',
  'checked-in',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
]);
export type AppointmentStatus = z.infer<typeof AppointmentStatus>;
export const APPOINTMENT_TRANSITIONS: TransitionTable<AppointmentStatus> = {
  waitlist: ['pending', 'cancelled'],
  pending: ['booked', 'waitlist', 'cancelled'],
  booked: ['checked-in', 'cancelled', 'noshow', 'entered-in-error'],
  'checked-in': ['fulfilled', 'cancelled', 'noshow', 'entered-in-error'],
  fulfilled: [],
  cancelled: [],
  noshow: [],
  'entered-in-error': [],
};

export const CancelledBy = z.enum(['patient', 'clinic', 'specialist', 'hospital', 'system']);
export type CancelledBy = z.infer<typeof CancelledBy>;
export const CancellationReason = z.enum([
  'hold-expired',
  'hold-released',
  'patient-request',
  'feels-better',
  'time-unsuitable',
  'cannot-travel',
  'seen-elsewhere',
  'booked-by-mistake',
  'rescheduled',
  'schedule-changed',
  'staff-request',
  /** The last day somebody would have come has passed, and no time became free. */
  'waitlist-over',
  /** Nobody answered two offers in a row. */
  'waitlist-unanswered',
  'other',
]);
export type CancellationReason = z.infer<typeof CancellationReason>;

/** Why somebody on the waiting list was not offered a time that others were offered. */
export const WaitlistPassReason = z.enum(['busy', 'limit']);
export type WaitlistPassReason = z.infer<typeof WaitlistPassReason>;

export const QueueEntryState = z.enum(['waiting', 'called', 'serving', 'done', 'left']);
export type QueueEntryState = z.infer<typeof QueueEntryState>;
/** `waiting → waiting` is a hand-over to another queue. `called → waiting` keeps the place; `serving → waiting` goes to the head. */
export const QUEUE_ENTRY_TRANSITIONS: TransitionTable<QueueEntryState> = {
  waiting: ['called', 'waiting', 'left'],
  called: ['serving', 'waiting', 'left'],
  serving: ['done', 'waiting', 'left'],
  done: [],
  left: [],
};
export const QueueEntryReason = z.enum([
  'no-answer',
  'declined',
  'skipped',
  'lease-expired',
  'dropped',
  'resumed-later',
  'handed-over',
  'call-cancelled',
  'patient-left',
  /** The day ended before they were called. */
  'not-served',
  'appointment-cancelled',
  'no-show',
]);
export type QueueEntryReason = z.infer<typeof QueueEntryReason>;

/** FHIR R4 EncounterStatus, as far as this service uses it. */
export const EncounterStatus = z.enum(['planned', 'arrived', 'in-progress', 'onleave', 'finished', 'cancelled']);
export type EncounterStatus = z.infer<typeof EncounterStatus>;
export const ENCOUNTER_TRANSITIONS: TransitionTable<EncounterStatus> = {
  planned: ['arrived', 'cancelled'],
  arrived: ['in-progress', 'cancelled'],
  'in-progress': ['onleave', 'finished'],
  onleave: ['in-progress', 'finished'],
  finished: [],
  cancelled: [],
};
export const EncounterOutcome = z.enum(['completed', 'referred', 'follow-up-needed', 'interrupted', 'patient-left']);
export type EncounterOutcome = z.infer<typeof EncounterOutcome>;

export const Availability = z.enum(['off', 'available', 'in-call', 'break']);
export type Availability = z.infer<typeof Availability>;
export const AVAILABILITY_TRANSITIONS: TransitionTable<Availability> = {
  off: ['available'],
  available: ['in-call', 'break', 'off'],
  'in-call': ['available', 'break', 'off'],
  break: ['available', 'off', 'in-call'],
};

export const DeviceStatus = z.enum(['unenrolled', 'offline', 'ready', 'failing', 'in-call', 'revoked']);
export type DeviceStatus = z.infer<typeof DeviceStatus>;
export const DEVICE_TRANSITIONS: TransitionTable<DeviceStatus> = {
  unenrolled: ['offline', 'ready', 'revoked'],
  offline: ['ready', 'failing', 'in-call', 'revoked', 'unenrolled'],
  ready: ['offline', 'failing', 'in-call', 'revoked', 'unenrolled'],
  failing: ['offline', 'ready', 'in-call', 'revoked', 'unenrolled'],
  'in-call': ['offline', 'ready', 'failing', 'revoked'],
  revoked: ['unenrolled'],
};

/** FHIR R4 ConsentState, as far as this service uses it. Each purpose has its own Consent. */
export const ConsentStatus = z.enum(['proposed', 'active', 'rejected', 'inactive']);
export type ConsentStatus = z.infer<typeof ConsentStatus>;
export const CONSENT_TRANSITIONS: TransitionTable<ConsentStatus> = {
  proposed: ['active', 'rejected'],
  active: ['inactive'],
  rejected: [],
  inactive: [],
};
export const ConsentPurpose = z.enum(['consultation', 'recording']);
export type ConsentPurpose = z.infer<typeof ConsentPurpose>;

/** FHIR R4 DiagnosticReportStatus, as far as this service uses it. */
export const ReportStatus = z.enum(['preliminary', 'final', 'amended']);
export type ReportStatus = z.infer<typeof ReportStatus>;
export const REPORT_TRANSITIONS: TransitionTable<ReportStatus> = {
  preliminary: ['final'],
  final: ['amended'],
  amended: ['amended'],
};
export const ClinicDecision = z.enum(['accepted', 'amended', 'declined']);
export type ClinicDecision = z.infer<typeof ClinicDecision>;

/** An account acts for a family member (FHIR R4 RelatedPerson) only while this is `active`: it stands for the consent. */
export const RelatedPersonStatus = z.enum(['proposed', 'active', 'rejected', 'inactive']);
export type RelatedPersonStatus = z.infer<typeof RelatedPersonStatus>;
export const RELATED_PERSON_TRANSITIONS: TransitionTable<RelatedPersonStatus> = {
  proposed: ['active', 'rejected', 'inactive'],
  active: ['inactive'],
  rejected: [],
  inactive: [],
};
/** What the family member is to the account's holder. */
export const Relationship = z.enum(['parent', 'spouse', 'child', 'sibling', 'grandparent', 'grandchild', 'other']);
export type Relationship = z.infer<typeof Relationship>;
/** How the member's consent came about: a code on their own phone, in person at a desk, or a minor's guardian. */
export const RelationConsentMethod = z.enum(['code', 'desk', 'guardian']);
export type RelationConsentMethod = z.infer<typeof RelationConsentMethod>;

/** Whose fault it was that a booked consultation had nobody at one end. Only the patient's own counts against them. */
export const NoShowParty = z.enum(['patient', 'clinic', 'specialist']);
export type NoShowParty = z.infer<typeof NoShowParty>;
/** Why staff take a no-show back. */
export const NoShowExcuse = z.enum([
  'illness',
  'emergency',
  'clinic-error',
  'specialist-absent',
  'not-informed',
  'other',
]);
export type NoShowExcuse = z.infer<typeof NoShowExcuse>;
