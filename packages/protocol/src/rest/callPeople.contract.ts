import { z } from 'zod';
import { DepartmentCode, EncounterId, GuestLinkId, InvitationId, OrganizationId } from '../common/ids.ts';
import {
  CallPeople,
  EnterGuestLinkInput,
  GuestView,
  IncomingInvitation,
  InviteColleagueInput,
  InviteGuestInput,
  OpenGuestLinkInput,
} from './callPeople.schemas.ts';
import { Specialist } from './directory.schemas.ts';
import { procedure } from './procedure.ts';

const nothing = z.object({});

/** Who comes into a call beside terminal and specialist. */
export const callPeople = {
  get: procedure('people:read')
    .route({ method: 'GET', path: '/encounters/{encounterId}/people' })
    .input(z.object({ encounterId: EncounterId }))
    .output(CallPeople),
  inviteGuest: procedure('guest:invite')
    .route({ method: 'POST', path: '/encounters/{encounterId}/guest-links' })
    .input(InviteGuestInput)
    .output(z.object({ guestLinkId: GuestLinkId })),
  withdrawGuest: procedure('guest:invite')
    .route({ method: 'POST', path: '/encounters/{encounterId}/guest-links/{guestLinkId}/withdrawal' })
    .input(z.object({ encounterId: EncounterId, guestLinkId: GuestLinkId }))
    .output(nothing),
  /** Used elsewhere, expired, withdrawn, over: all NOT_FOUND. */
  openGuestLink: procedure('public:guest-link')
    .route({ method: 'POST', path: '/guest-links' })
    .input(OpenGuestLinkInput)
    .output(GuestView),
  /** Opens a session that is good for this one room. */
  enter: procedure('public:guest-link')
    .route({ method: 'POST', path: '/guest-links/session' })
    .input(EnterGuestLinkInput)
    .output(GuestView),
  /** Whoever could be asked, of any hospital. */
  colleagues: procedure('colleague:invite')
    .route({ method: 'GET', path: '/colleagues' })
    .input(
      z.object({
        departmentCode: DepartmentCode.optional(),
        organizationId: OrganizationId.optional(),
        name: z.string().trim().max(40).optional(),
      }),
    )
    .output(z.object({ colleagues: z.array(Specialist) })),
  inviteColleague: procedure('colleague:invite')
    .route({ method: 'POST', path: '/encounters/{encounterId}/invitations' })
    .input(InviteColleagueInput)
    .output(z.object({ invitationId: InvitationId })),
  withdrawInvitation: procedure('colleague:invite')
    .route({ method: 'POST', path: '/encounters/{encounterId}/invitations/{invitationId}/withdrawal' })
    .input(z.object({ encounterId: EncounterId, invitationId: InvitationId }))
    .output(nothing),
  /** What rings for oneself, and the call one was asked into and is in. */
  incoming: procedure('invitation:answer')
    .route({ method: 'GET', path: '/invitations' })
    .output(z.object({ invitations: z.array(IncomingInvitation) })),
  accept: procedure('invitation:answer')
    .route({ method: 'POST', path: '/invitations/{invitationId}/acceptance' })
    .input(z.object({ invitationId: InvitationId }))
    .output(nothing),
  decline: procedure('invitation:answer')
    .route({ method: 'POST', path: '/invitations/{invitationId}/refusal' })
    .input(z.object({ invitationId: InvitationId }))
    .output(nothing),
  /** Ends one's own part in the call. */
  leave: procedure('invitation:answer')
    .route({ method: 'POST', path: '/invitations/{invitationId}/end' })
    .input(z.object({ invitationId: InvitationId }))
    .output(nothing),
};
