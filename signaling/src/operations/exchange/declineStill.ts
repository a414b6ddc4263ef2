import { AppError, type StillRequestId } from '@cloud-hospital/protocol';
import { StillRequest } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { oneStillRequest } from '../../store/exchange.view.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { tellExchange } from './openVisit.ts';

/**
 * Whoever sits there discarded the picture before it was sent, or there was none to be had.
 * @throws AppError NOT_FOUND; INVALID_TRANSITION for one that was answered otherwise
 */
export const declineStill = (
  services: Services,
  context: ActorContext,
  input: { readonly stillRequestId: StillRequestId; readonly reason: 'discarded' | 'failed' },
): Promise<StillRequest> =>
  runVisibleOnce(
    services,
    context,
    { action: 'exchange.declineStill', request: input, response: StillRequest },
    async (unit) => {
      const row = await unit.tx
        .selectFrom('still_request')
        .select(['id', 'encounter_id', 'status'])
        .where('id', '=', input.stillRequestId)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw new AppError('NOT_FOUND');
      const { patientId } = await assertVisibleEncounter(unit, context.agent, 'still:answer', row.encounter_id);
      if (row.status !== 'requested') {
        throw new AppError('INVALID_TRANSITION', { entity: 'StillRequest', from: row.status, to: input.reason });
      }
      await unit.tx
        .updateTable('still_request')
        .set({ status: input.reason, answered_at: unit.now })
        .where('id', '=', row.id)
        .execute();
      unit.audit({
        action: 'still:answer',
        entityKind: 'StillRequest',
        entityId: row.id,
        patientId,
        details: { encounterId: row.encounter_id, status: input.reason },
      });
      await tellExchange(unit, row.encounter_id);
      return oneStillRequest(unit.tx, row.id);
    },
  );
