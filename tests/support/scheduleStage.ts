import { randomUUID } from 'node:crypto';
import { type AppointmentId, OrganizationId, SlotId } from '@cloud-hospital/protocol';
import type { Appointment, ScheduleEdit, ScheduleEffect } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Actor } from '../../signaling/src/domain/Actor.ts';
import { addDays, dayBounds, localDate, startOfDay } from '../../signaling/src/domain/localTime.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { editSchedule, previewEdit } from '../../signaling/src/operations/schedule/edit.ts';
import type { CareDistrict, TestClinic, TestResident, TestSpecialist } from './careDistrict.ts';

/** ISO weekday of a date. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/** A district whose specialists work by templates. Days are counted from today in Asia/Shanghai. */
export class ScheduleStage {
  readonly district: CareDistrict;
  readonly clinic: TestClinic;
  readonly today = localDate(new Date());

  private constructor(district: CareDistrict, clinic: TestClinic) {
    this.district = district;
    this.clinic = clinic;
  }

  /** An ordinary fortnight: whatever the real calendar says of these days is taken out. */
  static async open(district: CareDistrict): Promise<ScheduleStage> {
    await district.services.db.deleteFrom('calendar_day').execute();
    return new ScheduleStage(district, await district.clinic());
  }

  day(ahead: number): string {
    return addDays(this.today, ahead);
  }

  coordinator(of: TestSpecialist, organizationId = of.actor.organizationId): Actor {
    return { ...of.actor, role: 'coordinator', name: '陈协调员', sessionId: randomUUID(), organizationId };
  }

  strangeCoordinator(of: TestSpecialist): Actor {
    return this.coordinator(of, OrganizationId.parse(randomUUID()));
  }

  preview(actor: Actor, of: TestSpecialist, edit: ScheduleEdit): Promise<ScheduleEffect> {
    const { services } = this.district;
    return previewEdit(services, this.district.context(actor), { practitionerRoleId: of.practitionerRoleId, edit });
  }

  edit(
    actor: Actor,
    of: TestSpecialist,
    edit: ScheduleEdit,
    confirmed: readonly AppointmentId[] = [],
  ): Promise<ScheduleEffect> {
    return editSchedule(this.district.services, this.district.context(actor, randomUUID()), {
      practitionerRoleId: of.practitionerRoleId,
      edit,
      confirmed: [...confirmed],
    });
  }

  /** Looks at the preview and confirms what it says. */
  async change(of: TestSpecialist, edit: ScheduleEdit): Promise<ScheduleEffect> {
    const preview = await this.preview(of.actor, of, edit);
    return this.edit(
      of.actor,
      of,
      edit,
      preview.affected.map(({ appointmentId }) => appointmentId),
    );
  }

  /** A specialist who works on one day's weekday, 09:00–11:00 in slots of 15 minutes unless said otherwise. */
  async specialist(
    ahead: number,
    template: Partial<Extract<ScheduleEdit, { kind: 'set-template' }>> = {},
  ): Promise<TestSpecialist> {
    const specialist = await this.district.specialist();
    await this.edit(specialist.actor, specialist, this.template(ahead, template));
    return specialist;
  }

  template(
    ahead: number,
    changes: Partial<Extract<ScheduleEdit, { kind: 'set-template' }>> = {},
  ): Extract<ScheduleEdit, { kind: 'set-template' }> {
    return {
      kind: 'set-template',
      scheduleId: null,
      weekday: weekdayOf(this.day(ahead)),
      startTime: '09:00',
      endTime: '11:00',
      slotMinutes: 15,
      walkInCapacity: 4,
      organizationId: null,
      onHolidays: false,
      effectiveFrom: this.today,
      effectiveTo: null,
      ...changes,
    };
  }

  /** The day's slots as `09:00 free`, in order. */
  async slots(of: TestSpecialist, ahead: number): Promise<string[]> {
    const rows = await this.#slotRows(of, ahead);
    return rows.map((row) => `${row.at} ${row.status}`);
  }

  /** Their times, whatever became of them, except those out of the schedule. */
  async times(of: TestSpecialist, ahead: number): Promise<string[]> {
    const rows = await this.#slotRows(of, ahead);
    return rows.filter((row) => row.status !== 'busy-unavailable').map((row) => row.at);
  }

  async slotAt(of: TestSpecialist, ahead: number, at: string): Promise<SlotId> {
    const rows = await this.#slotRows(of, ahead);
    return SlotId.parse(rows.find((row) => row.at === at)?.id);
  }

  #slotRows(of: TestSpecialist, ahead: number) {
    const date = this.day(ahead);
    return this.district.services.db
      .selectFrom('slot')
      .select(['id', 'status', sql<string>`to_char(lower(period) AT TIME ZONE 'Asia/Shanghai', 'HH24:MI')`.as('at')])
      .where('practitioner_role_id', '=', of.practitionerRoleId)
      .where(sql<Date>`lower(period)`, '>=', startOfDay(date))
      .where(sql<Date>`lower(period)`, '<', dayBounds(date).end)
      .orderBy(sql`lower(period)`)
      .execute();
  }

  async book(of: TestSpecialist, ahead: number, at: string, resident?: TestResident) {
    const person = resident ?? (await this.district.resident());
    const context = this.district.context(person.actor);
    const slotId = await this.slotAt(of, ahead, at);
    const held = await hold(this.district.services, context, { slotId, patientId: person.patientId });
    const appointment: Appointment = await confirm(this.district.services, context, {
      appointmentId: held.appointmentId,
      version: held.version,
      locationId: this.clinic.locationId,
      complaint: '胸闷三天',
    });
    return { resident: person, appointment, slotId };
  }
}

export const leave = (firstDay: string, lastDay = firstDay, hours: [string, string] | null = null): ScheduleEdit => ({
  kind: 'leave',
  firstDay,
  lastDay,
  hours: hours === null ? null : { startTime: hours[0], endTime: hours[1] },
  reason: '学术会议',
});
