import { board } from '../operations/queue/board.ts';
import { callEntry } from '../operations/queue/callEntry.ts';
import { callNextInTurn } from '../operations/queue/callNextInTurn.ts';
import { cancelCall } from '../operations/queue/cancelCall.ts';
import { handOver } from '../operations/queue/handOver.ts';
import { mine } from '../operations/queue/mine.ts';
import { noShow } from '../operations/queue/noShow.ts';
import { place } from '../operations/queue/place.ts';
import { setAvailability } from '../operations/queue/setAvailability.ts';
import { setPool } from '../operations/queue/setPool.ts';
import { skip } from '../operations/queue/skip.ts';
import { substitutes } from '../operations/queue/substitutes.ts';
import { takeSubstitute } from '../operations/queue/takeSubstitute.ts';
import { api, commandContext } from './procedures.ts';

export const queueRoutes = {
  mine: api.queue.mine.handler(({ context }) => mine(context.services, commandContext(context))),
  place: api.queue.place.handler(({ input, context }) => place(context.services, commandContext(context), input)),
  callNext: api.queue.callNext.handler(({ context }) => callNextInTurn(context.services, commandContext(context))),
  callEntry: api.queue.callEntry.handler(({ input, context }) =>
    callEntry(context.services, commandContext(context), input),
  ),
  cancelCall: api.queue.cancelCall.handler(({ input, context }) =>
    cancelCall(context.services, commandContext(context), input),
  ),
  skip: api.queue.skip.handler(({ input, context }) => skip(context.services, commandContext(context), input)),
  setAvailability: api.queue.setAvailability.handler(({ input, context }) =>
    setAvailability(context.services, commandContext(context), input),
  ),
  noShow: api.queue.noShow.handler(({ input, context }) => noShow(context.services, commandContext(context), input)),
  handOver: api.queue.handOver.handler(({ input, context }) =>
    handOver(context.services, commandContext(context), input),
  ),
  substitutes: api.queue.substitutes.handler(({ input, context }) =>
    substitutes(context.services, commandContext(context), input),
  ),
  takeSubstitute: api.queue.takeSubstitute.handler(({ input, context }) =>
    takeSubstitute(context.services, commandContext(context), input),
  ),
  setPool: api.queue.setPool.handler(({ input, context }) => setPool(context.services, commandContext(context), input)),
  board: api.queue.board.handler(({ context }) => board(context.services, commandContext(context))),
};
