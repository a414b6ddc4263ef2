import { annotate } from '../operations/attachment/annotate.ts';
import { declineStill } from '../operations/exchange/declineStill.ts';
import { getExchange } from '../operations/exchange/get.ts';
import { markRead } from '../operations/exchange/markRead.ts';
import { requestStill } from '../operations/exchange/requestStill.ts';
import { sendMessage } from '../operations/exchange/sendMessage.ts';
import { api, commandContext } from './procedures.ts';

export const exchangeRoutes = {
  get: api.exchange.get.handler(({ input, context }) => getExchange(context.services, commandContext(context), input)),
  sendMessage: api.exchange.sendMessage.handler(({ input, context }) =>
    sendMessage(context.services, commandContext(context), input),
  ),
  markRead: api.exchange.markRead.handler(({ input, context }) =>
    markRead(context.services, commandContext(context), input),
  ),
  requestStill: api.exchange.requestStill.handler(({ input, context }) =>
    requestStill(context.services, commandContext(context), input),
  ),
  declineStill: api.exchange.declineStill.handler(({ input, context }) =>
    declineStill(context.services, commandContext(context), input),
  ),
  annotate: api.exchange.annotate.handler(({ input, context }) =>
    annotate(context.services, commandContext(context), input),
  ),
};
