import { AppError } from '@cloud-hospital/protocol';
import {
  ScheduleEffect,
  type ScheduleEdit,
  type ScheduleEditInput,
  type SchedulePreviewInput,
} from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { addDays, localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { violatedConstraint } from '../../store/constraint.ts';
import { lockSchedules } from '../../store/ensureSlots.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertSchedule } from './access.ts';
import { assertConfirmed, describeEffect } from './affected.ts';
import { applyPlan, type PlanEffect } from './applyPlan.ts';
import { rehearse } from './rehearse.ts';
import { writeEdit } from './writeEdit.ts';

async function run(
  services: Services,
  unit: Unit,
  context: ActorContext,
  practitionerRoleId: string,
  edit: ScheduleEdit,
): Promise<PlanEffect> {
  await assertSchedule(unit, context.agent, 'schedule:write', practitionerRoleId);
  await lockSchedules(unit.tx);
  const { first, last, cause } = await writeEdit(unit, context.agent, practitionerRoleId, edit);
  // Later days have no slots yet; theirs come from the new plan.
  const windowEnd = addDays(localDate(unit.now), services.config.BOOKING_WINDOW_DAYS - 1);
  return applyPlan(services, unit, {
    practitionerRoleId,
    first,
    last: last === null || last > windowEnd ? windowEnd : last,
    cause,
  });
}

/** Slots that would lie on one another: two roles of one person, or hours that were checked too kindly. */
function explainOverlap(error: unknown): never {
  if (violatedConstraint(error) !== 'slot_practitioner_overlap') throw error;
  throw new AppError('BAD_REQUEST', { field: 'startTime', reason: 'overlaps' }, { cause: error });
}

/**
 * What an edit would do, most of all whose booked times would go. Nothing is changed; that names were seen is audited.
 * @throws AppError NOT_FOUND, BAD_REQUEST
 */
export async function previewEdit(
  services: Services,
  context: ActorContext,
  { practitionerRoleId, edit }: z.infer<typeof SchedulePreviewInput>,
): Promise<ScheduleEffect> {
  const effect = await rehearse(services, context, async (unit) =>
    describeEffect(unit, await run(services, unit, context, practitionerRoleId, edit), true),
  ).catch(explainOverlap);
  await services.commands.run(context, (unit) => {
    unit.audit({
      action: 'schedule:preview',
      entityKind: 'PractitionerRole',
      entityId: practitionerRoleId,
      details: { kind: edit.kind, affected: effect.affected.map(({ appointmentId }) => appointmentId) },
    });
    return Promise.resolve();
  });
  return effect;
}

/**
 * Changes a specialist's schedule. Each booked appointment whose time goes stays booked and gets a case to answer; only
 * those that the preview named may be among them.
 * @throws AppError NOT_FOUND, BAD_REQUEST, VERSION_CONFLICT `affected-changed`: look at the preview again
 */
export const editSchedule = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof ScheduleEditInput>,
): Promise<ScheduleEffect> =>
  runVisibleOnce(
    services,
    context,
    { action: 'schedules.edit', request: input, response: ScheduleEffect },
    async (unit) => {
      const { practitionerRoleId, edit, confirmed } = input;
      const effect = await run(services, unit, context, practitionerRoleId, edit);
      assertConfirmed(effect, confirmed);
      unit.audit({
        action: 'schedule:edit',
        entityKind: 'PractitionerRole',
        entityId: practitionerRoleId,
        reason: 'reason' in edit ? edit.reason : edit.kind,
        details: { edit, affected: effect.affected },
      });
      return describeEffect(unit, effect, true);
    },
  ).catch(explainOverlap);
