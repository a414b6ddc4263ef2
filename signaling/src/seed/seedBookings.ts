import { type Insertable, sql } from 'kysely';
import { localDate } from '../domain/localTime.ts';
import { ticketNumber } from '../domain/ticketNumber.ts';
import { REMINDERS } from '../operations/booking/reminders.ts';
import type { Unit } from '../store/command.ts';
import type { AppointmentTable } from '../store/schema.ts';
import { CASE_STORIES } from './data/caseStories.ts';
import { insertAll } from './insertAll.ts';
import type { Random } from './random.ts';
import type { Directory } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { Staff } from './seedStaff.ts';

const BOOKINGS = 60;
const FIRST_RESIDENT = 20;
/** Today at the first clinic with the first specialist, so that the worklist of the demonstration has something. */
const AT_FIRST_CLINIC = 3;
const NO_SHOW_AFTER_MS = 1_800_000;

interface FreeSlot {
  readonly id: string;
  readonly practitioner_id: string;
  readonly practitioner_role_id: string;
  readonly start: Date;
  readonly period: string;
}

/** Appointments of the coming days, with the jobs that a booking schedules. Each resident has one at most. */
export async function seedBookings(
  unit: Unit,
  random: Random,
  { directory, staff, residents }: { directory: Directory; staff: Staff; residents: readonly Resident[] },
): Promise<void> {
  const { tx } = unit;
  const slots: FreeSlot[] = await tx
    .selectFrom('slot')
    .select(['id', 'practitioner_id', 'practitioner_role_id', 'period', sql<Date>`lower(period)`.as('start')])
    .where(sql<boolean>`lower(period) BETWEEN now() + interval '40 minutes' AND now() + interval '6 days'`)
    .orderBy('practitioner_role_id')
    .orderBy(sql`lower(period)`)
    .execute();
  const first = staff.specialists[0];
  const firstSlots = slots.filter((slot) => slot.practitioner_role_id === first?.practitionerRoleId);
  const departmentOf = new Map(staff.specialists.map((one) => [one.practitionerRoleId, one.departmentCode]));

  const tickets = new Map<string, number>();
  const taken = new Set<string>();
  const appointments: (Insertable<AppointmentTable> & { id: string })[] = [];
  for (const [index, resident] of residents.slice(FIRST_RESIDENT, FIRST_RESIDENT + BOOKINGS).entries()) {
    const isAtFirst = index < AT_FIRST_CLINIC;
    const slot = isAtFirst ? firstSlots[index * 2] : random.pick(slots);
    const clinic = directory.clinics[isAtFirst ? 0 : resident.clinic];
    if (slot === undefined || clinic === undefined || taken.has(slot.id)) continue;
    taken.add(slot.id);
    const counter = `${slot.practitioner_role_id} ${localDate(slot.start)}`;
    const ticket = (tickets.get(counter) ?? 0) + 1;
    tickets.set(counter, ticket);
    const stories = CASE_STORIES[departmentOf.get(slot.practitioner_role_id) ?? ''] ?? [];
    const id = random.uuid();
    appointments.push({
      id,
      slot_id: slot.id,
      patient_id: resident.patientId,
      practitioner_id: slot.practitioner_id,
      practitioner_role_id: slot.practitioner_role_id,
      location_id: clinic.id,
      period: slot.period,
      status: 'booked',
      complaint: random.pick(stories).complaint,
      ticket_number: ticketNumber('appointment', ticket),
      booked_by_account: resident.accountId,
      booked_by_role: 'resident',
    });
    unit.schedule({
      kind: 'appointment.no-show',
      subjectId: id,
      dueAt: new Date(slot.start.getTime() + NO_SHOW_AFTER_MS),
    });
    for (const [token, seconds] of Object.entries(REMINDERS)) {
      const dueAt = new Date(slot.start.getTime() - seconds * 1000);
      if (dueAt > unit.now) unit.schedule({ kind: 'appointment.reminder', subjectId: id, token, dueAt });
    }
  }
  await tx
    .updateTable('slot')
    .set((eb) => ({ status: 'busy', version: eb('version', '+', 1) }))
    .where('id', 'in', [...taken])
    .execute();
  await insertAll(tx, 'appointment', appointments);
  for (const [counter, last] of tickets) {
    const [practitionerRoleId = '', day = ''] = counter.split(' ');
    await tx
      .insertInto('ticket_counter')
      .values({ practitioner_role_id: practitionerRoleId, day, last_number: last })
      .onConflict((conflict) =>
        conflict
          .columns(['practitioner_role_id', 'day'])
          .doUpdateSet({ last_number: sql<number>`greatest(ticket_counter.last_number, excluded.last_number)` }),
      )
      .execute();
  }
}
