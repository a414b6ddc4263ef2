import { z } from 'zod';
import { IdentityNumber } from '../common/identityNumber.ts';
import { AppointmentId, HelperLinkId, PatientId, RelatedPersonId } from '../common/ids.ts';
import { Instant, LocalDate, LocalizedText, Phone, Version } from '../common/values.ts';
import {
  AppointmentStatus,
  NoShowExcuse,
  NoShowParty,
  RelatedPersonStatus,
  RelationConsentMethod,
  Relationship,
} from '../states/index.ts';
import { QueuePlace } from './queue.schemas.ts';
import { LoginCode, PatientRef } from './session.schemas.ts';

/** Somebody the account acts for, or asked to. FHIR R4 RelatedPerson, seen from the account. */
export const RelatedPerson = z.object({
  relatedPersonId: RelatedPersonId,
  version: Version,
  status: RelatedPersonStatus,
  relationship: Relationship,
  /** As the account's holder wrote it. */
  name: z.string(),
  identityMasked: z.string(),
  minor: z.boolean(),
  /** Null before the consent. */
  patientId: PatientId.nullable(),
  consentMethod: RelationConsentMethod.nullable(),
  /** False: only what this account booked itself is visible, until staff have seen the member. */
  historyVisible: z.boolean(),
  /** Where the code went; empty where consent is given at a desk only. */
  phoneMasked: z.string(),
  requestedAt: Instant,
  consentedAt: Instant.nullable(),
  /** A code can be asked for again from then on; null where there is none. */
  resendAt: Instant.nullable(),
});
export type RelatedPerson = z.infer<typeof RelatedPerson>;

/** Somebody who acts for the account's holder. */
export const Representative = z.object({
  relatedPersonId: RelatedPersonId,
  version: Version,
  name: z.string(),
  phoneMasked: z.string(),
  /** What the account's holder is to that person. */
  relationship: Relationship,
  consentedAt: Instant,
});
export type Representative = z.infer<typeof Representative>;

export const Family = z.object({
  members: z.array(RelatedPerson),
  representatives: z.array(Representative),
  now: Instant,
});
export type Family = z.infer<typeof Family>;

export const AddMemberInput = z.object({
  name: z.string().trim().min(2).max(40),
  identityNumber: IdentityNumber,
  relationship: Relationship,
  /** The member's own; needed for adults. */
  phone: Phone.optional(),
  /** For minors: the account's holder declares to be their guardian. */
  guardian: z.boolean().default(false),
});
export const ConfirmMemberInput = z.object({ relatedPersonId: RelatedPersonId, code: LoginCode });
export const EndRelationInput = z.object({ relatedPersonId: RelatedPersonId, version: Version });

/** A relation as staff see it who have the member before them. */
export const DeskRelation = z.object({
  relatedPersonId: RelatedPersonId,
  version: Version,
  status: RelatedPersonStatus.extract(['proposed', 'active']),
  /** What the member is to the holder. */
  relationship: Relationship,
  memberName: z.string(),
  holderName: z.string(),
  holderPhoneMasked: z.string(),
  minor: z.boolean(),
  historyVisible: z.boolean(),
  requestedAt: Instant,
});
export type DeskRelation = z.infer<typeof DeskRelation>;
export const RecordRelationInput = z.object({
  relatedPersonId: RelatedPersonId,
  version: Version,
  /** Of the card that staff have before them: no relation can be touched without it. */
  identityNumber: IdentityNumber,
  decision: RelatedPersonStatus.extract(['active', 'rejected', 'inactive']),
});

/** How many of a person's no-shows count, and what follows from it. */
export const NoShowStanding = z.object({
  count: z.int(),
  limit: z.int(),
  /** False: bookings are made at a desk only. */
  mayBookOnline: z.boolean(),
  /** The day on which enough of them are a year old; null while booking online is open. */
  onlineAgainOn: LocalDate.nullable(),
});
export type NoShowStanding = z.infer<typeof NoShowStanding>;

/** Somebody the account may book for: its holder (`relationship` null) or a family member who consented. */
export const BookablePerson = PatientRef.extend({
  relationship: Relationship.nullable(),
  noShows: NoShowStanding,
});
export type BookablePerson = z.infer<typeof BookablePerson>;

/** A missed appointment of the staff's own clinic. */
export const NoShow = z.object({
  appointmentId: AppointmentId,
  version: Version,
  start: Instant,
  specialistName: z.string(),
  departmentName: LocalizedText,
  party: NoShowParty,
  excused: z.object({ reason: NoShowExcuse, by: z.string(), at: Instant }).nullable(),
});
export type NoShow = z.infer<typeof NoShow>;
export const PatientNoShows = z.object({ standing: NoShowStanding, noShows: z.array(NoShow) });
export type PatientNoShows = z.infer<typeof PatientNoShows>;
export const ExcuseInput = z.object({ appointmentId: AppointmentId, version: Version, reason: NoShowExcuse });

export const RegisterPatientInput = z.object({
  name: z.string().trim().min(2).max(40),
  identityNumber: IdentityNumber,
  phone: Phone.optional(),
});

/** A link that lets one helper without an account follow one appointment. Its secret is in the message alone. */
export const HelperLink = z.object({
  helperLinkId: HelperLinkId,
  phoneMasked: z.string(),
  sentAt: Instant,
  /** Unopened, it is void from then on. */
  openUntil: Instant,
  openedAt: Instant.nullable(),
});
export type HelperLink = z.infer<typeof HelperLink>;

/** 256 random bits, base64url. */
const Secret = z.string().regex(/^[\w-]{43}$/);
/** `key` is made by the browser that opens the link first; from then on the link opens nowhere else. */
export const OpenHelperLinkInput = z.object({ token: Secret, key: Secret });

/** All that a helper sees: the ticket and the place. No department, no complaint, no full name. */
export const HelperView = z.object({
  /** Family name only, e.g. 王**. */
  patientNameMasked: z.string(),
  status: AppointmentStatus.extract(['booked', 'checked-in']),
  start: Instant,
  specialistName: z.string(),
  clinicName: LocalizedText,
  clinicAddress: z.string(),
  clinicPhone: z.string(),
  ticketNumber: z.string(),
  ticketQr: z.string(),
  /** From the resident's own phone; the clinic is who to ask. */
  byPhone: z.boolean(),
  place: QueuePlace.pick({
    version: true,
    state: true,
    position: true,
    ahead: true,
    expected: true,
    orderReason: true,
    availability: true,
    breakUntil: true,
  }).nullable(),
  now: Instant,
});
export type HelperView = z.infer<typeof HelperView>;
