import { z } from 'zod';
import { AppointmentId, HelperLinkId, RelatedPersonId } from '../common/ids.ts';
import { Phone } from '../common/values.ts';
import {
  AddMemberInput,
  ConfirmMemberInput,
  DeskRelation,
  EndRelationInput,
  Family,
  HelperLink,
  HelperView,
  OpenHelperLinkInput,
  RecordRelationInput,
  RelatedPerson,
} from './family.schemas.ts';
import { procedure } from './procedure.ts';

const nothing = z.object({});

/** Who acts for whom. Nothing is visible or bookable before the member's consent, and nothing after its end. */
export const family = {
  list: procedure('related-person:manage').route({ method: 'GET', path: '/related-persons' }).output(Family),
  /** The answer doesn't tell whether the number is known. */
  add: procedure('related-person:manage')
    .route({ method: 'POST', path: '/related-persons' })
    .input(AddMemberInput)
    .output(RelatedPerson),
  requestCode: procedure('related-person:manage')
    .route({ method: 'POST', path: '/related-persons/{relatedPersonId}/code' })
    .input(z.object({ relatedPersonId: RelatedPersonId }))
    .output(RelatedPerson),
  confirm: procedure('related-person:manage')
    .route({ method: 'POST', path: '/related-persons/{relatedPersonId}/confirmation' })
    .input(ConfirmMemberInput)
    .output(RelatedPerson),
  /** Either side may. */
  end: procedure('related-person:manage')
    .route({ method: 'POST', path: '/related-persons/{relatedPersonId}/end' })
    .input(EndRelationInput)
    .output(nothing),
  /** At the desk, with the member's card. */
  search: procedure('related-person:record')
    .route({ method: 'POST', path: '/related-persons/search' })
    .input(z.object({ identityNumber: z.string().trim().toUpperCase().max(18) }))
    .output(z.object({ relations: z.array(DeskRelation) })),
  record: procedure('related-person:record')
    .route({ method: 'POST', path: '/related-persons/{relatedPersonId}/consent' })
    .input(RecordRelationInput)
    .output(nothing),
};

export const helperLinks = {
  list: procedure('helper-link:manage')
    .route({ method: 'GET', path: '/appointments/{appointmentId}/helper-links' })
    .input(z.object({ appointmentId: AppointmentId }))
    .output(z.object({ links: z.array(HelperLink) })),
  send: procedure('helper-link:manage')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/helper-links' })
    .input(z.object({ appointmentId: AppointmentId, phone: Phone }))
    .output(HelperLink),
  revoke: procedure('helper-link:manage')
    .route({ method: 'POST', path: '/appointments/{appointmentId}/helper-links/{helperLinkId}/revocation' })
    .input(z.object({ appointmentId: AppointmentId, helperLinkId: HelperLinkId }))
    .output(nothing),
  /** Used, expired, revoked, over: all NOT_FOUND. */
  open: procedure('public:helper-link')
    .route({ method: 'POST', path: '/helper-links' })
    .input(OpenHelperLinkInput)
    .output(HelperView),
};
