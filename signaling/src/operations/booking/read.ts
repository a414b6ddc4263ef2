import type { Appointment, BookablePerson } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { appointmentViews } from '../../store/appointment.view.ts';
import { isCurrent } from '../../store/family.ts';
import { loadRefs } from '../../store/refs.ts';
import { runVisible } from '../denied.ts';
import { noShowStandings } from './noShows.ts';
import {
  accountOf,
  appointmentWords,
  assertVisibleAppointment,
  describeAppointment,
  isClinicStaff,
  visibleAppointments,
} from './visibility.ts';

const LIMIT = 200;
/** Staff see what is to come and the week behind; the rest is the record's matter. */
const STAFF_DAYS_BACK = 7;

/** The actor's appointments, latest first. */
export const listAppointments = (
  services: Services,
  context: ActorContext,
): Promise<{ appointments: Appointment[]; now: string }> =>
  runVisible(services, context, async (unit) => {
    const actor = context.agent;
    let query = visibleAppointments(unit, actor)
      // What is offered from the waiting list is shown there.
      .where((eb) => eb.or([eb('appointment.status', '<>', 'pending'), eb('appointment.waitlisted_at', 'is', null)]))
      .orderBy(sql`lower(appointment.period)`, 'desc')
      .limit(LIMIT);
    if (isClinicStaff(actor)) {
      query = query.where(
        sql<Date>`lower(appointment.period)`,
        '>',
        sql<Date>`now() - make_interval(days => ${STAFF_DAYS_BACK}::int)`,
      );
    }
    const rows = await query.execute();
    unit.audit({
      action: 'appointment:read',
      entityKind: 'Appointment',
      entityId: null,
      patientId: actor.patientId,
      details: { count: rows.length },
    });
    const appointments = await appointmentViews(unit.tx, rows, appointmentWords(services, unit));
    return { appointments, now: unit.now.toISOString() };
  });

/** @throws AppError NOT_FOUND */
export const getAppointment = (
  services: Services,
  context: ActorContext,
  input: { readonly appointmentId: string },
): Promise<Appointment> =>
  runVisible(services, context, async (unit) => {
    const row = await assertVisibleAppointment(unit, context.agent, 'appointment:read', input.appointmentId);
    unit.audit({
      action: 'appointment:read',
      entityKind: 'Appointment',
      entityId: row.id,
      patientId: row.patient_id,
    });
    return describeAppointment(services, unit, row.id);
  });

/**
 * The people this account may book for: oneself first, then family. Each with the no-shows that count. Empty before the
 * first sign-in's profile.
 */
export const listPatients = (services: Services, context: ActorContext): Promise<{ patients: BookablePerson[] }> =>
  services.commands.run(context, async (unit) => {
    const { patientId } = context.agent;
    if (patientId === null) return { patients: [] };
    const members = await unit.tx
      .selectFrom('related_person')
      .select(['patient_id', 'relationship'])
      .where('account_id', '=', accountOf(context.agent))
      .where('patient_id', '<>', patientId)
      .where(isCurrent())
      .orderBy('consented_at')
      .execute();
    const people: { id: string; relationship: BookablePerson['relationship'] }[] = [
      { id: patientId, relationship: null },
      ...members.flatMap(({ patient_id: id, relationship }) => (id === null ? [] : [{ id, relationship }])),
    ];
    const ids = people.map(({ id }) => id);
    const refs = await loadRefs(unit.tx, { patients: ids }, unit.now);
    const standings = await noShowStandings(unit.tx, ids);
    for (const id of ids) unit.audit({ action: 'patient:read', entityKind: 'Patient', entityId: id, patientId: id });
    return {
      patients: people.flatMap(({ id, relationship }) => {
        const noShows = standings.get(id);
        return noShows === undefined ? [] : [{ ...refs.patient(id), relationship, noShows }];
      }),
    };
  });
