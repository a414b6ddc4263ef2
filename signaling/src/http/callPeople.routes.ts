import { acceptInvitation, declineInvitation, leaveAsColleague } from '../operations/callPeople/answerInvitation.ts';
import { describePeople, incomingInvitations } from '../operations/callPeople/describe.ts';
import { inviteGuest, withdrawGuest } from '../operations/callPeople/guestLinks.ts';
import { colleagues, inviteColleague, withdrawInvitation } from '../operations/callPeople/inviteColleague.ts';
import { enterAsGuest, openGuestLink } from '../operations/callPeople/openGuestLink.ts';
import { api, commandContext } from './procedures.ts';
import { recordContext } from './recordContext.ts';

export const callPeopleRoutes = {
  get: api.callPeople.get.handler(({ input, context }) =>
    describePeople(context.services, recordContext(context), input),
  ),
  inviteGuest: api.callPeople.inviteGuest.handler(({ input, context }) =>
    inviteGuest(context.services, recordContext(context), input),
  ),
  withdrawGuest: api.callPeople.withdrawGuest.handler(({ input, context }) =>
    withdrawGuest(context.services, commandContext(context), input),
  ),
  openGuestLink: api.callPeople.openGuestLink.handler(({ input, context }) =>
    openGuestLink(context.services, context, input),
  ),
  enter: api.callPeople.enter.handler(async ({ input, context }) => {
    const { view, setCookie } = await enterAsGuest(context.services, context, input);
    context.setCookies.push(setCookie);
    return view;
  }),
  colleagues: api.callPeople.colleagues.handler(({ input, context }) =>
    colleagues(context.services, commandContext(context), input),
  ),
  inviteColleague: api.callPeople.inviteColleague.handler(({ input, context }) =>
    inviteColleague(context.services, commandContext(context), input),
  ),
  withdrawInvitation: api.callPeople.withdrawInvitation.handler(({ input, context }) =>
    withdrawInvitation(context.services, commandContext(context), input),
  ),
  incoming: api.callPeople.incoming.handler(({ context }) =>
    incomingInvitations(context.services, commandContext(context)),
  ),
  accept: api.callPeople.accept.handler(({ input, context }) =>
    acceptInvitation(context.services, commandContext(context), input),
  ),
  decline: api.callPeople.decline.handler(({ input, context }) =>
    declineInvitation(context.services, commandContext(context), input),
  ),
  leave: api.callPeople.leave.handler(({ input, context }) =>
    leaveAsColleague(context.services, commandContext(context), input),
  ),
};
