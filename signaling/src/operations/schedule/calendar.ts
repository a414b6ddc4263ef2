import { AppError } from '@cloud-hospital/protocol';
import {
  type CalendarDay,
  type CalendarEdit,
  type CalendarEditInput,
  ScheduleEffect,
} from '@cloud-hospital/protocol/rest';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import { localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { lockSchedules } from '../../store/ensureSlots.ts';
import type { CalendarDayTable } from '../../store/scheduling.schema.ts';
import { assertConfirmed, describeEffect } from './affected.ts';
import { applyPlan, type PlanEffect } from './applyPlan.ts';
import { rehearse } from './rehearse.ts';

export const calendarDay = (row: Selectable<CalendarDayTable>): CalendarDay => ({
  date: row.day,
  kind: row.kind,
  name: { zh: row.name_zh, en: row.name_en },
  templateWeekday: row.template_weekday,
  provisional: row.provisional,
});

/** The marked days of a year, in order. Public knowledge: reading it leaves no audit. */
export async function readCalendar(
  { db }: Services,
  { year }: { readonly year: number },
): Promise<{ days: CalendarDay[]; today: string }> {
  const rows = await db
    .selectFrom('calendar_day')
    .selectAll()
    .where('day', '>=', `${year}-01-01`)
    .where('day', '<=', `${year}-12-31`)
    .orderBy('day')
    .execute();
  return { days: rows.map(calendarDay), today: localDate(await databaseNow(db)) };
}

async function run(services: Services, unit: Unit, { date, mark }: CalendarEdit): Promise<PlanEffect> {
  if (date < localDate(unit.now)) throw new AppError('BAD_REQUEST', { field: 'date', reason: 'past' });
  await lockSchedules(unit.tx);
  if (mark === null) {
    await unit.tx.deleteFrom('calendar_day').where('day', '=', date).execute();
  } else {
    const values = {
      kind: mark.kind,
      name_zh: mark.name.zh,
      name_en: mark.name.en,
      template_weekday: mark.kind === 'working-day' ? mark.templateWeekday : null,
      // Somebody has looked at it.
      provisional: false,
    };
    await unit.tx
      .insertInto('calendar_day')
      .values({ day: date, ...values })
      .onConflict((conflict) =>
        conflict.column('day').doUpdateSet((eb) => ({ ...values, version: eb('calendar_day.version', '+', 1) })),
      )
      .execute();
  }
  return applyPlan(services, unit, { practitionerRoleId: null, first: date, last: date, cause: 'calendar' });
}

/** What marking a day would do to everybody's booked times. No names: the administrator has nothing to do with patients. */
export const previewCalendarEdit = (
  services: Services,
  context: ActorContext,
  edit: CalendarEdit,
): Promise<ScheduleEffect> =>
  rehearse(services, context, async (unit) => describeEffect(unit, await run(services, unit, edit), false));

/**
 * Marks a day as holiday or swapped working day, or makes it an ordinary one again; every specialist's slots of that day
 * follow, and booked ones are treated as with any changed schedule.
 * @throws AppError BAD_REQUEST, VERSION_CONFLICT `affected-changed`
 */
export const editCalendar = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof CalendarEditInput>,
): Promise<ScheduleEffect> =>
  services.commands.runOnce(
    context,
    { action: 'calendar.edit', request: input, response: ScheduleEffect },
    async (unit) => {
      const effect = await run(services, unit, input);
      assertConfirmed(effect, input.confirmed);
      unit.audit({
        action: 'calendar:edit',
        entityKind: 'CalendarDay',
        entityId: null,
        reason: input.mark?.kind ?? 'ordinary',
        details: {
          date: input.date,
          templateWeekday: input.mark?.kind === 'working-day' ? input.mark.templateWeekday : null,
          affected: effect.affected,
        },
      });
      return describeEffect(unit, effect, false);
    },
  );
