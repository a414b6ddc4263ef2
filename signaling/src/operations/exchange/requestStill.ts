import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import { StillRequest } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { oneStillRequest } from '../../store/exchange.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { openVisit, tellExchange } from './openVisit.ts';

/**
 * Asks terminal or phone for a picture at its camera's full resolution. While one is being waited for, that one is told
 * again: it may have been missed.
 * @throws AppError as `openVisit`; INVALID_TRANSITION while no consultation runs
 */
export const requestStill = (
  services: Services,
  context: ActorContext,
  input: { readonly encounterId: EncounterId },
): Promise<StillRequest> =>
  runVisibleOnce(
    services,
    context,
    { action: 'exchange.requestStill', request: input, response: StillRequest },
    async (unit) => {
      const { encounterId, patientId, camera, status } = await openVisit(
        unit,
        context.agent,
        'still:request',
        input.encounterId,
      );
      if (status !== 'in-progress' || camera === null) {
        throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: status });
      }
      const asked = await unit.tx
        .insertInto('still_request')
        .values({ encounter_id: encounterId, requested_by: accountOf(context.agent), answered_at: null })
        .onConflict((conflict) => conflict.column('encounter_id').where('status', '=', 'requested').doNothing())
        .returning('id')
        .executeTakeFirst();
      const open =
        asked ??
        (await unit.tx
          .selectFrom('still_request')
          .select('id')
          .where('encounter_id', '=', encounterId)
          .where('status', '=', 'requested')
          .executeTakeFirst());
      // Answered between the two statements: whoever presses again asks anew.
      if (open === undefined) throw new AppError('UNAVAILABLE');
      const request = await oneStillRequest(unit.tx, open.id);
      unit.emit([camera], 'still:requested', { ...request, encounterId });
      if (asked !== undefined) await tellExchange(unit, encounterId);
      unit.audit({
        action: 'still:request',
        entityKind: 'StillRequest',
        entityId: open.id,
        patientId,
        details: { encounterId, again: asked === undefined },
      });
      return request;
    },
  );
