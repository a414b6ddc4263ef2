import type { ExpectedTime } from '@cloud-hospital/protocol/rest';
import type { NoPromise } from '@cloud-hospital/protocol/states';
import { localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { toldTimes } from '../../store/expectedTimes.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleAppointment } from './visibility.ts';

interface ExpectedAnswer {
  expected: ExpectedTime | null;
  noPromise: NoPromise | null;
  now: string;
}

/**
 * When somebody who is booked today and hasn't checked in will be called, by the same estimator that those who wait
 * hear from. Nothing clinical, so reading it isn't audited.
 * @throws AppError NOT_FOUND
 */
export const expectedTime = (
  services: Services,
  context: ActorContext,
  input: { readonly appointmentId: string },
): Promise<ExpectedAnswer> =>
  runVisible(services, context, async (unit) => {
    const row = await assertVisibleAppointment(unit, context.agent, 'appointment:read', input.appointmentId);
    const nothing = { expected: null, noPromise: null, now: unit.now.toISOString() };
    if (row.status !== 'booked' || row.start === null || localDate(row.start) !== localDate(unit.now)) return nothing;
    const queue = await unit.tx
      .selectFrom('queue')
      .select('id')
      .where('practitioner_role_id', '=', row.practitioner_role_id)
      .executeTakeFirst();
    // Nobody has ever checked in with this specialist: the appointed time is all there is.
    if (queue === undefined) return nothing;
    const told = await toldTimes(unit.tx, [queue.id], unit.now);
    return { ...nothing, expected: told.of(row.id), noPromise: told.noPromise(queue.id) };
  });
