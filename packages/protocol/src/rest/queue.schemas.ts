import { z } from 'zod';
import { EncounterId, PatientId, QueueEntryId, QueueId } from '../common/ids.ts';
import { Instant, LocalizedText, Version } from '../common/values.ts';
import { Availability, QueueEntryReason, QueueEntryState } from '../states/index.ts';
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

export const ExpectedTime = z.object({ from: Instant, to: Instant });

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
  orderReason: OrderReason,
  /** Null while it waits in a department's pool: whoever is free first. */
  specialistName: z.string().nullable(),
  departmentName: LocalizedText,
  availability: Availability,
  breakUntil: Instant.nullable(),
  computedAt: Instant,
});
export type QueuePlace = z.infer<typeof QueuePlace>;

export const Readiness = z.object({
  consent: z.boolean(),
  vitals: z.boolean(),
  /** Staff pressed "ready": the resident sits before the terminal. */
  ready: z.boolean(),
  terminalOnline: z.boolean(),
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
  expected: ExpectedTime.nullable(),
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
  until: Instant.optional(),
});
export const CallEntryInput = z.object({
  queueEntryId: QueueEntryId,
  /** Why this one out of order: recorded for everyone who is overtaken. */
  reason: z.enum(['urgent', 'same-clinic', 'returning', 'other']),
});
export const SkipInput = z.object({ queueEntryId: QueueEntryId, version: Version });
export const BoardQueue = z.object({
  queueId: QueueId,
  name: LocalizedText,
  departmentName: LocalizedText,
  availability: Availability,
  waiting: z.int(),
  longestWaitMinutes: z.int(),
  doneToday: z.int(),
});
