import { listInbox } from '../operations/inbox/list.ts';
import { listDemoInbox } from '../operations/inbox/listDemo.ts';
import { api, commandContext } from './procedures.ts';

export const inboxRoutes = {
  list: api.inbox.list.handler(({ context }) => listInbox(context.services, commandContext(context))),
  demo: api.inbox.demo.handler(({ input, context }) => listDemoInbox(context.services, input)),
};
