import { z } from 'zod';
import {
  AppointmentId,
  OrganizationId,
  PractitionerRoleId,
  ScheduleChangeId,
  ScheduleExceptionId,
  ScheduleId,
  SlotId,
} from '../common/ids.ts';
import { Instant, LocalDate, LocalizedText } from '../common/values.ts';
import {
  CalendarDayKind,
  ProposalKind,
  ScheduleChangeCause,
  ScheduleChangeStatus,
  ScheduleExceptionKind,
} from '../states/index.ts';
import { ClinicRef, HospitalRef, SpecialistRef } from './directory.schemas.ts';

/** Time of day in Asia/Shanghai, `HH:MM`; `24:00` ends a day. */
const LocalTime = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/);
/** ISO weekday, 1 = Monday. */
const Weekday = z.int().min(1).max(7);
const SlotMinutes = z.int().min(5).max(120);
const WalkInCapacity = z.int().min(0).max(500);
const Reason = z.string().trim().min(2).max(200);

// ── The calendar ───────────────────────────────────────────────────────────────────────────────────────────────────

export const CalendarDay = z.object({
  date: LocalDate,
  kind: CalendarDayKind,
  name: LocalizedText,
  /** Of a swapped working day (调休): the weekday whose templates apply. */
  templateWeekday: Weekday.nullable(),
  /** Set by law; how it is swapped with weekends has not been announced yet. */
  provisional: z.boolean(),
});
export type CalendarDay = z.infer<typeof CalendarDay>;

const DayName = LocalizedText.extend({
  zh: z.string().trim().min(1).max(40),
  en: z.string().trim().max(60),
});
/** Marks a day; null makes it an ordinary one again. */
export const CalendarEdit = z.object({
  date: LocalDate,
  mark: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('holiday'), name: DayName }),
      z.object({ kind: z.literal('working-day'), name: DayName, templateWeekday: Weekday }),
    ])
    .nullable(),
});
export type CalendarEdit = z.infer<typeof CalendarEdit>;

// ── Templates, exceptions, and what comes of them ──────────────────────────────────────────────────────────────────

export const ScheduleTemplate = z.object({
  scheduleId: ScheduleId,
  weekday: Weekday,
  startTime: LocalTime,
  endTime: LocalTime,
  slotMinutes: SlotMinutes,
  /** Walk-ins a session takes; urgent ones come on top. */
  walkInCapacity: WalkInCapacity,
  /** Where the specialist sits. */
  hospital: HospitalRef,
  /** Also on public holidays. */
  onHolidays: z.boolean(),
  effectiveFrom: LocalDate,
  effectiveTo: LocalDate.nullable(),
});
export type ScheduleTemplate = z.infer<typeof ScheduleTemplate>;

export const ScheduleException = z.object({
  exceptionId: ScheduleExceptionId,
  kind: ScheduleExceptionKind,
  firstDay: LocalDate,
  lastDay: LocalDate,
  /** Both null: whole days. */
  startTime: LocalTime.nullable(),
  endTime: LocalTime.nullable(),
  reason: z.string(),
});
export type ScheduleException = z.infer<typeof ScheduleException>;

export const ScheduleSession = z.object({
  start: Instant,
  end: Instant,
  extra: z.boolean(),
  slots: z.int(),
  walkInCapacity: z.int(),
  hospital: HospitalRef,
});
export type ScheduleSession = z.infer<typeof ScheduleSession>;

export const ScheduleDay = z.object({
  date: LocalDate,
  mark: CalendarDay.nullable(),
  sessions: z.array(ScheduleSession),
  booked: z.int(),
  free: z.int(),
  /** Booked on times that were taken out, and not answered yet. */
  unanswered: z.int(),
});
export type ScheduleDay = z.infer<typeof ScheduleDay>;

export const ScheduleView = z.object({
  specialist: SpecialistRef,
  days: z.array(ScheduleDay),
  /** Those that hold today or later. */
  templates: z.array(ScheduleTemplate),
  exceptions: z.array(ScheduleException),
  /** Residents may be seen at their own phone. */
  phoneVisits: z.boolean(),
  /** Last day that can be booked; later ones have no slots yet. */
  bookableUntil: LocalDate,
  today: LocalDate,
});
export type ScheduleView = z.infer<typeof ScheduleView>;

export const ScheduleQuery = z.object({
  practitionerRoleId: PractitionerRoleId,
  from: LocalDate.optional(),
  weeks: z.coerce.number().int().min(1).max(8).default(4),
});

/** One change of a specialist's schedule. Days are from today on. */
export const ScheduleEdit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('set-template'),
    /** Null makes a new one; else that one is changed from `effectiveFrom` on. */
    scheduleId: ScheduleId.nullable(),
    weekday: Weekday,
    startTime: LocalTime,
    endTime: LocalTime,
    slotMinutes: SlotMinutes,
    walkInCapacity: WalkInCapacity,
    organizationId: OrganizationId.nullable(),
    onHolidays: z.boolean(),
    effectiveFrom: LocalDate,
    effectiveTo: LocalDate.nullable(),
  }),
  z.object({ kind: z.literal('end-template'), scheduleId: ScheduleId, lastDay: LocalDate }),
  z.object({
    kind: z.literal('leave'),
    firstDay: LocalDate,
    lastDay: LocalDate,
    /** Only these hours of each day; null: whole days. */
    hours: z.object({ startTime: LocalTime, endTime: LocalTime }).nullable(),
    reason: Reason,
  }),
  z.object({
    kind: z.literal('shortened-day'),
    day: LocalDate,
    /** What stays. */
    startTime: LocalTime,
    endTime: LocalTime,
    reason: Reason,
  }),
  z.object({
    kind: z.literal('extra-session'),
    day: LocalDate,
    startTime: LocalTime,
    endTime: LocalTime,
    slotMinutes: SlotMinutes,
    walkInCapacity: WalkInCapacity,
    organizationId: OrganizationId.nullable(),
    reason: Reason,
  }),
  z.object({ kind: z.literal('withdraw-exception'), exceptionId: ScheduleExceptionId }),
]);
export type ScheduleEdit = z.infer<typeof ScheduleEdit>;

/** A booked appointment whose time goes. Nothing clinical. */
export const AffectedAppointment = z.object({
  appointmentId: AppointmentId,
  start: Instant,
  specialistName: z.string(),
  /** Null for whoever has nothing to do with patients. */
  patientName: z.string().nullable(),
  clinicName: LocalizedText,
  ticketNumber: z.string(),
  checkedIn: z.boolean(),
});
export type AffectedAppointment = z.infer<typeof AffectedAppointment>;

/** What an edit does, or did. */
export const ScheduleEffect = z.object({
  affected: z.array(AffectedAppointment),
  slotsAdded: z.int(),
  slotsRemoved: z.int(),
  /** Appointments that waited for an answer and have their time back. */
  restored: z.int(),
});
export type ScheduleEffect = z.infer<typeof ScheduleEffect>;

/** Whose times may go: those that the preview named. Anybody else's is VERSION_CONFLICT `affected-changed`. */
const Confirmed = { confirmed: z.array(AppointmentId).max(2_000) };
export const SchedulePreviewInput = z.object({ practitionerRoleId: PractitionerRoleId, edit: ScheduleEdit });
export const ScheduleEditInput = SchedulePreviewInput.extend(Confirmed);
export const CalendarEditInput = CalendarEdit.extend(Confirmed);

export const PhoneVisitsInput = z.object({ practitionerRoleId: PractitionerRoleId, allowed: z.boolean() });

// ── Appointments that need an answer ───────────────────────────────────────────────────────────────────────────────

export const Proposal = z.object({
  slotId: SlotId,
  kind: ProposalKind,
  start: Instant,
  end: Instant,
  specialist: SpecialistRef,
});
export type Proposal = z.infer<typeof Proposal>;

/** A booked appointment whose time was taken out of the schedule, and what is offered instead. */
export const ScheduleChange = z.object({
  scheduleChangeId: ScheduleChangeId,
  appointmentId: AppointmentId,
  status: ScheduleChangeStatus,
  cause: ScheduleChangeCause,
  answerBy: Instant,
  /** The nearest first; the substitute before other times of the same specialist. Not held: may be gone when taken. */
  proposals: z.array(Proposal),
  newAppointmentId: AppointmentId.nullable(),
  now: Instant,
});
export type ScheduleChange = z.infer<typeof ScheduleChange>;

export const ScheduleChangeAnswer = z.object({
  appointmentId: AppointmentId,
  answer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('accept'), slotId: SlotId }),
    /** None of them: the appointment is cancelled. */
    z.object({ kind: z.literal('decline') }),
  ]),
});
export type ScheduleChangeAnswer = z.infer<typeof ScheduleChangeAnswer>;

/** The appointment that holds now: the new one, or the cancelled one. */
export const ScheduleChangeAnswered = z.object({
  status: ScheduleChangeStatus.extract(['accepted', 'declined']),
  appointmentId: AppointmentId,
  start: Instant,
});
export type ScheduleChangeAnswered = z.infer<typeof ScheduleChangeAnswered>;

/** For the coordinator: nothing clinical. */
export const UnansweredChange = z.object({
  appointmentId: AppointmentId,
  start: Instant,
  specialist: SpecialistRef,
  cause: ScheduleChangeCause,
  patientName: z.string(),
  phoneMasked: z.string().nullable(),
  ticketNumber: z.string(),
  clinic: ClinicRef,
  answerBy: Instant,
  /** The time to answer is over: somebody should call. */
  overdue: z.boolean(),
  proposals: z.array(Proposal),
});
export type UnansweredChange = z.infer<typeof UnansweredChange>;
