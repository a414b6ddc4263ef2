import { z } from 'zod';
import { EncounterId, GuestLinkId, InvitationId, PractitionerRoleId } from '../common/ids.ts';
import { Instant, LocalizedText, Phone } from '../common/values.ts';
import { GuestKind, InvitationPurpose, InvitationState } from '../states/index.ts';
import { HandOverReason } from './queue.schemas.ts';
import { SpecialistRef } from './directory.schemas.ts';

/** A way into one running call for somebody without an account. Unopened it is void after minutes. */
export const GuestLink = z.object({
  guestLinkId: GuestLinkId,
  kind: GuestKind,
  /** Null until they said who they are. */
  name: z.string().nullable(),
  /** Null: shown as a code on the screen, not sent. */
  phoneMasked: z.string().nullable(),
  openUntil: Instant,
  openedAt: Instant.nullable(),
  /** The address, as long as nobody opened it. */
  link: z.string().nullable(),
});
export type GuestLink = z.infer<typeof GuestLink>;
export const InviteGuestInput = z.object({ encounterId: EncounterId, kind: GuestKind, phone: Phone.optional() });

/** 256 random bits, base64url. */
const Secret = z.string().regex(/^[\w-]{43}$/);
/** `key` is made by the browser that opens the link first; from then on the link opens nowhere else. */
export const OpenGuestLinkInput = z.object({ token: Secret, key: Secret });
export const EnterGuestLinkInput = OpenGuestLinkInput.extend({ name: z.string().trim().min(1).max(20) });
/** All that a guest is told before the call: who asks, as what, where. Nothing of the person's health. */
export const GuestView = z.object({
  encounterId: EncounterId,
  kind: GuestKind,
  name: z.string().nullable(),
  invitedBy: z.string(),
  /** Family name only, e.g. 王**. */
  patientNameMasked: z.string(),
  specialistName: z.string(),
  clinicName: LocalizedText,
  clinicPhone: z.string(),
});
export type GuestView = z.infer<typeof GuestView>;

/** A colleague asked into a call, as those see it who are in it. */
export const Invitation = z.object({
  invitationId: InvitationId,
  encounterId: EncounterId,
  purpose: InvitationPurpose,
  state: InvitationState,
  reason: HandOverReason.nullable(),
  colleague: SpecialistRef,
  invitedAt: Instant,
  ringingUntil: Instant,
});
export type Invitation = z.infer<typeof Invitation>;

/** The same, as the colleague who is asked sees it; the chart opens with the acceptance. */
export const IncomingInvitation = Invitation.omit({ colleague: true }).extend({
  from: SpecialistRef,
  note: z.string(),
  clinicName: LocalizedText,
  clinicPhone: z.string(),
  /** Null until accepted. */
  patientName: z.string().nullable(),
});
export type IncomingInvitation = z.infer<typeof IncomingInvitation>;

export const InviteColleagueInput = z.object({
  encounterId: EncounterId,
  practitionerRoleId: PractitionerRoleId,
  purpose: InvitationPurpose,
  /** Why the call is handed over; not asked for an opinion. */
  reason: HandOverReason.optional(),
  /** What the colleague reads before answering. */
  note: z.string().trim().max(200).default(''),
});

/** Who could still come into the call, beside those who are in it. */
export const CallPeople = z.object({
  encounterId: EncounterId,
  heldSince: Instant.nullable(),
  invitations: z.array(Invitation),
  guests: z.array(GuestLink),
});
export type CallPeople = z.infer<typeof CallPeople>;
