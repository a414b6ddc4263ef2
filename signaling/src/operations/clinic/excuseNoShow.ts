import { AppError } from '@cloud-hospital/protocol';
import { type ExcuseInput, NoShow } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { noShowView, selectNoShows } from '../../store/noShow.view.ts';
import { announceAppointment, lockAppointment } from '../booking/change.ts';
import { accountOf, assertVisibleAppointment } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';

/**
 * Staff of the clinic take a no-show back: it stays on record, with the reason, and counts no more. That may open
 * booking online again at once. Excusing twice keeps the first reason.
 * @throws AppError NOT_FOUND also for another clinic's, VERSION_CONFLICT, INVALID_TRANSITION when it is no no-show
 */
export const excuseNoShow = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof ExcuseInput>,
): Promise<NoShow> =>
  runVisibleOnce(
    services,
    context,
    { action: 'clinic.excuseNoShow', request: input, response: NoShow },
    async (unit) => {
      await assertVisibleAppointment(unit, context.agent, 'no-show:excuse', input.appointmentId);
      const appointment = await lockAppointment(unit.tx, input.appointmentId);
      if (appointment === undefined) throw new AppError('NOT_FOUND');
      if (appointment.status !== 'noshow') {
        throw new AppError('INVALID_TRANSITION', { entity: 'Appointment', from: appointment.status });
      }
      if (appointment.version !== input.version) throw new AppError('VERSION_CONFLICT');
      const version = appointment.version + 1;
      const excused = await unit.tx
        .updateTable('appointment')
        .set({
          noshow_excuse: input.reason,
          noshow_excused_at: unit.now,
          noshow_excused_by: accountOf(context.agent),
          version,
          updated_at: unit.now,
        })
        .where('id', '=', appointment.id)
        .where('noshow_excused_at', 'is', null)
        .executeTakeFirst();
      if (excused.numUpdatedRows === 1n) {
        unit.audit({
          action: 'no-show:excuse',
          entityKind: 'Appointment',
          entityId: appointment.id,
          patientId: appointment.patientId,
          reason: input.reason,
        });
        announceAppointment(unit, { ...appointment, appointmentId: appointment.id, version });
      }
      const row = await selectNoShows(unit.tx).where('appointment.id', '=', appointment.id).executeTakeFirstOrThrow();
      return noShowView(row);
    },
  );
