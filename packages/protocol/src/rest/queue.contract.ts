import { z } from 'zod';
import { DepartmentCode, QueueEntryId } from '../common/ids.ts';
import { Instant } from '../common/values.ts';
import { procedure } from './procedure.ts';
import {
  AvailabilityInput,
  BoardQueue,
  CallEntryInput,
  CallResult,
  HandOverInput,
  NoShowInput,
  PoolInput,
  QueuePlace,
  QueueView,
  SkipInput,
  Substitute,
} from './queue.schemas.ts';

const nothing = z.object({});

export const queue = {
  mine: procedure('queue:read').route({ method: 'GET', path: '/queue' }).output(QueueView),
  place: procedure('queue:place')
    .route({ method: 'GET', path: '/queue-entries/{queueEntryId}/place' })
    .input(z.object({ queueEntryId: QueueEntryId }))
    .output(QueuePlace),
  callNext: procedure('queue:call').route({ method: 'POST', path: '/queue/call-next' }).output(CallResult),
  callEntry: procedure('queue:call')
    .route({ method: 'POST', path: '/queue-entries/{queueEntryId}/call' })
    .input(CallEntryInput)
    .output(CallResult),
  /** Takes a call back before it is answered: the entry keeps its place. */
  cancelCall: procedure('queue:call')
    .route({ method: 'POST', path: '/queue-entries/{queueEntryId}/call-cancellation' })
    .input(z.object({ queueEntryId: QueueEntryId }))
    .output(nothing),
  skip: procedure('queue:call')
    .route({ method: 'POST', path: '/queue-entries/{queueEntryId}/skip' })
    .input(SkipInput)
    .output(nothing),
  /** Called and never there: the visit ends, the appointment is a no-show. */
  noShow: procedure('queue:call')
    .route({ method: 'POST', path: '/queue-entries/{queueEntryId}/no-show' })
    .input(NoShowInput)
    .output(nothing),
  handOver: procedure('queue:hand-over')
    .route({ method: 'POST', path: '/queue-entries/{queueEntryId}/hand-over' })
    .input(HandOverInput)
    .output(nothing),
  /** Who of the own department could take somebody over, whoever can soonest first. */
  substitutes: procedure('queue:hand-over')
    .route({ method: 'GET', path: '/queue/substitutes' })
    .input(z.object({ departmentCode: DepartmentCode.optional() }))
    .output(z.object({ substitutes: z.array(Substitute), pool: z.boolean() })),
  /** The specialist is late and everybody was told: to whoever of the department is there. */
  takeSubstitute: procedure('queue:take-substitute')
    .route({ method: 'POST', path: '/queue-entries/{queueEntryId}/substitute' })
    .input(z.object({ queueEntryId: QueueEntryId }))
    .output(QueuePlace),
  setPool: procedure('availability:write')
    .route({ method: 'PUT', path: '/queue/pool' })
    .input(PoolInput)
    .output(QueueView),
  setAvailability: procedure('availability:write')
    .route({ method: 'PUT', path: '/queue/availability' })
    .input(AvailabilityInput)
    .output(QueueView),
  board: procedure('hospital:board')
    .route({ method: 'GET', path: '/hospital/board' })
    .output(z.object({ queues: z.array(BoardQueue), now: Instant })),
};
