import type { PatientNoShows } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { noShowView, selectNoShows } from '../../store/noShow.view.ts';
import { assertKnownPatient } from '../booking/knownPatient.ts';
import { noShowStanding } from '../booking/noShows.ts';
import { staffLocation } from '../booking/visibility.ts';
import { runVisible } from '../denied.ts';

/**
 * How a person stands, and what they missed at this clinic within a year; what they missed elsewhere is that clinic's
 * matter. @throws AppError NOT_FOUND for a person this desk has nothing to do with
 */
export const listNoShows = (
  services: Services,
  context: ActorContext,
  input: { readonly patientId: string },
): Promise<PatientNoShows> =>
  runVisible(services, context, async (unit) => {
    const actor = context.agent;
    await assertKnownPatient(unit, actor, 'no-show:read', input.patientId);
    const rows = await selectNoShows(unit.tx)
      .where('appointment.patient_id', '=', input.patientId)
      .where('appointment.location_id', '=', staffLocation(actor))
      .where(sql<Date>`lower(appointment.period)`, '>', sql<Date>`now() - interval '1 year'`)
      .orderBy(sql`lower(appointment.period)`, 'desc')
      .execute();
    unit.audit({
      action: 'no-show:read',
      entityKind: 'Patient',
      entityId: input.patientId,
      patientId: input.patientId,
      details: { count: rows.length },
    });
    return { standing: await noShowStanding(unit.tx, input.patientId), noShows: rows.map(noShowView) };
  });
