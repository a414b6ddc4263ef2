import { listHelperLinks, revokeHelperLink, sendHelperLink } from '../operations/helperLink/manage.ts';
import { openHelperLink } from '../operations/helperLink/open.ts';
import { api, commandContext } from './procedures.ts';
import { recordContext } from './recordContext.ts';

export const helperLinkRoutes = {
  list: api.helperLinks.list.handler(({ input, context }) =>
    listHelperLinks(context.services, commandContext(context), input),
  ),
  send: api.helperLinks.send.handler(({ input, context }) =>
    sendHelperLink(context.services, recordContext(context), input),
  ),
  revoke: api.helperLinks.revoke.handler(({ input, context }) =>
    revokeHelperLink(context.services, commandContext(context), input),
  ),
  open: api.helperLinks.open.handler(({ input, context }) => openHelperLink(context.services, context, input)),
};
