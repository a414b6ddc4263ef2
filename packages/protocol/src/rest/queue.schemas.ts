import { z } from 'zod';
import { DepartmentCode, EncounterId, PatientId, PractitionerRoleId, QueueEntryId, QueueId } from '../common/ids.ts';
import { Instant, LocalizedText, Version } from '../common/values.ts';
import {
  Availability,
  NoPromise,
  PromiseBreachReason,
  QueueEntryReason,
  QueueEntryState,
  Sureness,
} from '../states/index.ts';
import { ClinicRef } from './directory.schemas.ts';
import { PatientRef } from './session.schemas.ts';

/** Why an entry stands where it stands; the catalogues turn it into a sentence (`queue.order.<code>`). */
export const OrderReason = z.enum([
  'first-come',
  'scheduled-time',
  'late-arrival',
  'urgent',
  'waited-long',
  'returned-after-drop',
  'clinic-share',
  'walk-in-after-scheduled',
  'kept-place',
  /** Came over from another queue with its own due time. */
  'handed-over',
  /** Somebody in the department's pool was due earlier. */
  'pool-first',
]);
export type OrderReason = z.infer<typeof OrderReason>;

/** A promised time: called within it four times out of five. */
export const ExpectedTime = z.object({ from: Instant, to: Instant, sureness: Sureness });
export type ExpectedTime = z.infer<typeof ExpectedTime>;

/** What somebody was told first, and whether it still holds. */
export const PromiseRecord = z.object({
  first: z.object({ from: Instant, to: Instant }),
  breachedAt: Instant.nullable(),
  reason: PromiseBreachReason.nullable(),
});

/** One entry's place, as resident, clinic and specialist see it live. */
export const QueuePlace = z.object({
  queueEntryId: QueueEntryId,
  encounterId: EncounterId,
  patientId: PatientId,
  /** Version of the queue it was computed from: the newest wins. */
  version: z.int(),
  state: QueueEntryState,
  ticketNumber: z.string(),
  /** 1 is next; null when the entry no longer waits. */
  position: z.int().nullable(),
  ahead: z.int(),
  /** Promised time with its error; null while there is no honest estimate. */
  expected: ExpectedTime.nullable(),
  /** Why there is no honest estimate. */
  noPromise: NoPromise.nullable(),
  promise: PromiseRecord.nullable(),
  orderReason: OrderReason,
  /** Null while it waits in a department's pool: whoever is free first. */
  specialistName: z.string().nullable(),
  departmentName: LocalizedText,
  availability: Availability,
  breakUntil: Instant.nullable(),
  /**
   * The specialist did not begin as planned, and everybody was told: whoever waits may go to a substitute. Null: no
   * such trouble.
   */
  lateStart: z.object({ since: Instant, substitute: z.string().nullable() }).nullable(),
  computedAt: Instant,
});
export type QueuePlace = z.infer<typeof QueuePlace>;

/** A place as it is told at once: without the two that take longer to work out, which stay as the page knows them. */
export const ToldPlace = QueuePlace.partial({ expected: true, noPromise: true });
export type ToldPlace = z.infer<typeof ToldPlace>;

export const Readiness = z.object({
  consent: z.boolean(),
  vitals: z.boolean(),
  /** Staff pressed "ready": the resident sits before the terminal. */
  ready: z.boolean(),
  /** The terminal, or the resident's phone. */
  terminalOnline: z.boolean(),
  /** The resident takes part from their own phone: nobody of the clinic is with them. */
  byPhone: z.boolean().default(false),
});
export type Readiness = z.infer<typeof Readiness>;

export const QueueEntryView = z.object({
  queueEntryId: QueueEntryId,
  encounterId: EncounterId,
  version: Version,
  state: QueueEntryState,
  /** Waits in the department's pool: others may call it, too. */
  pooled: z.boolean(),
  position: z.int().nullable(),
  ticketNumber: z.string(),
  patient: PatientRef,
  clinic: ClinicRef,
  complaint: z.string(),
  scheduledStart: Instant.nullable(),
  checkedInAt: Instant,
  urgent: z.boolean(),
  readiness: Readiness,
  orderReason: OrderReason,
  lastReason: QueueEntryReason.nullable(),
  /** How often it rang for them. */
  callCount: z.int(),
  expected: ExpectedTime.nullable(),
  promiseBreachedAt: Instant.nullable(),
});
export type QueueEntryView = z.infer<typeof QueueEntryView>;

export const QueueView = z.object({
  queueId: QueueId,
  version: z.int(),
  name: LocalizedText,
  availability: Availability,
  breakUntil: Instant.nullable(),
  departmentName: LocalizedText,
  /** Whether "call next" also takes from the department's pool. */
  takesPool: z.boolean(),
  /** In calling order: called or serving first, then waiting by position. */
  entries: z.array(QueueEntryView),
  /** Today's appointments that have not checked in. */
  upcoming: z.array(
    z.object({ start: Instant, patientName: z.string(), clinicName: LocalizedText, ticketNumber: z.string() }),
  ),
  doneToday: z.int(),
  now: Instant,
});
export type QueueView = z.infer<typeof QueueView>;

export const CallResult = z.object({
  encounterId: EncounterId,
  queueEntryId: QueueEntryId,
  ringingUntil: Instant,
});
export const AvailabilityInput = z.object({
  state: Availability.extract(['available', 'break', 'off']),
  /** End of a break; or its length. The break ends by itself then. */
  until: Instant.optional(),
  minutes: z.int().min(1).max(240).optional(),
});
export type AvailabilityInput = z.infer<typeof AvailabilityInput>;
export const PoolInput = z.object({ takesPool: z.boolean() });
export const CallEntryInput = z.object({
  queueEntryId: QueueEntryId,
  /** Why this one out of order: recorded for everyone who is overtaken. */
  reason: z.enum(['urgent', 'same-clinic', 'returning', 'recall', 'other']),
});
export const NoShowInput = z.object({ queueEntryId: QueueEntryId, version: Version });
/** Why somebody changes over to another queue; the catalogues turn it into words (`handOver.reason.<code>`). */
export const HandOverReason = z.enum(['specialist-late', 'workload', 'clinical', 'resident-request', 'other']);
export type HandOverReason = z.infer<typeof HandOverReason>;
export const HandOverInput = z.object({
  queueEntryId: QueueEntryId,
  version: Version,
  /** Null: to the department's pool. */
  practitionerRoleId: PractitionerRoleId.nullable(),
  reason: HandOverReason,
});
/** Somebody of the same department to whom waiting people can be handed over. */
export const Substitute = z.object({
  practitionerRoleId: PractitionerRoleId,
  name: LocalizedText,
  hospitalName: LocalizedText,
  availability: Availability,
  waiting: z.int(),
  /** Sees residents at their own phone, too. */
  phoneVisits: z.boolean(),
});
export type Substitute = z.infer<typeof Substitute>;
export const SkipInput = z.object({ queueEntryId: QueueEntryId, version: Version });
/** One person on the coordinator's board: a ticket, nobody's name. */
export const BoardEntry = z.object({
  queueEntryId: QueueEntryId,
  version: Version,
  state: QueueEntryState,
  position: z.int().nullable(),
  ticketNumber: z.string(),
  clinicName: LocalizedText,
  checkedInAt: Instant,
  scheduledStart: Instant.nullable(),
  urgent: z.boolean(),
  ready: z.boolean(),
  /** From the resident's own phone. */
  byPhone: z.boolean(),
  orderReason: OrderReason,
  expected: ExpectedTime.nullable(),
  promise: PromiseRecord.nullable(),
});
export type BoardEntry = z.infer<typeof BoardEntry>;
export const BoardQueue = z.object({
  queueId: QueueId,
  /** Null: a department's pool. */
  practitionerRoleId: PractitionerRoleId.nullable(),
  name: LocalizedText,
  departmentCode: DepartmentCode,
  departmentName: LocalizedText,
  availability: Availability,
  breakUntil: Instant.nullable(),
  takesPool: z.boolean(),
  /** The session began then without its specialist. */
  lateSince: Instant.nullable(),
  /** Who could take over, soonest first; only where somebody is late. */
  substitutes: z.array(Substitute),
  entries: z.array(BoardEntry),
  /** Booked for today and not here yet. */
  expectedToday: z.int(),
  longestWaitMinutes: z.int(),
  doneToday: z.int(),
  /** Promised times of today that did not hold. */
  brokenToday: z.int(),
});
export type BoardQueue = z.infer<typeof BoardQueue>;
