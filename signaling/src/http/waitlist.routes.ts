import { joinWaitlist } from '../operations/booking/waitlist/join.ts';
import { declineOffer, leaveWaitlist } from '../operations/booking/waitlist/leave.ts';
import { listWaiting } from '../operations/booking/waitlist/list.ts';
import { api, commandContext } from './procedures.ts';

export const waitlistRoutes = {
  list: api.waitlist.list.handler(({ context }) => listWaiting(context.services, commandContext(context))),
  join: api.waitlist.join.handler(({ input, context }) =>
    joinWaitlist(context.services, commandContext(context), input),
  ),
  decline: api.waitlist.decline.handler(({ input, context }) =>
    declineOffer(context.services, commandContext(context), input),
  ),
  leave: api.waitlist.leave.handler(({ input, context }) =>
    leaveWaitlist(context.services, commandContext(context), input),
  ),
};
