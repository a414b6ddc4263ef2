import { randomUUID } from 'node:crypto';
import { ScheduleExceptionId } from '@cloud-hospital/protocol';
import type { ScheduleEdit } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Actor } from '../../../signaling/src/domain/Actor.ts';
import { editSchedule, previewEdit } from '../../../signaling/src/operations/schedule/edit.ts';
import type { TestSpecialist } from '../careDistrict.ts';
import { leave } from '../scheduleStage.ts';
import { choose, must, type Request } from './choose.ts';
import type { Command, CommandKind } from './commands.ts';
import { PLANNED_DAY_AHEAD, type World } from './world.ts';

export const SCHEDULE_COMMANDS = [
  'take-leave',
  'change-day',
  'withdraw-leave',
] as const satisfies readonly CommandKind[];
type Kind = (typeof SCHEDULE_COMMANDS)[number];

async function chooseEdit(
  world: World,
  of: TestSpecialist,
  sent: Command,
  kind: Kind,
): Promise<ScheduleEdit | undefined> {
  const { b, c } = sent;
  const { stage } = world;
  const day = stage.day(PLANNED_DAY_AHEAD);
  switch (kind) {
    case 'take-leave':
      // Now and then of today, while people wait; today's slots are in no template and stay away.
      if (c % 6 === 0) return leave(stage.day(0));
      return leave(day, day, must([null, ['09:00', '09:30'], ['09:30', '11:00']], b));
    case 'change-day':
      return b % 2 === 0
        ? { kind: 'shortened-day', day, startTime: '09:15', endTime: '09:45', reason: '学术会议' }
        : {
            kind: 'extra-session',
            day,
            startTime: '14:00',
            endTime: '14:30',
            slotMinutes: 15,
            walkInCapacity: 0,
            organizationId: null,
            reason: '加开门诊',
          };
    case 'withdraw-leave': {
      const exceptions = await world.district.services.db
        .selectFrom('schedule_exception')
        .select(['id', sql.lit('leave' as const).as('state')])
        .where('practitioner_role_id', '=', of.practitionerRoleId)
        .where('withdrawn_at', 'is', null)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      const chosen = choose(exceptions, sent);
      return chosen && { kind: 'withdraw-exception', exceptionId: ScheduleExceptionId.parse(chosen.id) };
    }
  }
}

/** A specialist or the hospital's coordinator changes who works when, having seen whose time it takes. */
export async function planSchedule(world: World, sent: Command, kind: Kind, key: string): Promise<Request | undefined> {
  const { district } = world;
  const of = must(world.specialists.slice(0, 2), sent.a);
  const edit = await chooseEdit(world, of, sent, kind);
  if (edit === undefined) return undefined;
  const actor: Actor = sent.c % 2 === 0 ? of.actor : world.coordinator;
  const { practitionerRoleId } = of;
  const preview = await previewEdit(district.services, district.context(actor, randomUUID()), {
    practitionerRoleId,
    edit,
  });
  const confirmed = preview.affected.map(({ appointmentId }) => appointmentId);
  return () => editSchedule(district.services, district.context(actor, key), { practitionerRoleId, edit, confirmed });
}
