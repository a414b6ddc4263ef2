import type { ScheduleChange } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleChange, describeChange } from './changeView.ts';
import { refreshProposals } from './proposals.ts';

/**
 * What became of an appointment's time, and what is offered instead, as true as this moment knows.
 * @throws AppError NOT_FOUND
 */
export const getScheduleChange = (
  services: Services,
  context: ActorContext,
  input: { readonly appointmentId: string },
): Promise<ScheduleChange> =>
  runVisible(services, context, async (unit) => {
    const change = await assertVisibleChange(unit, context.agent, 'schedule-change:read', input.appointmentId);
    if (change.status === 'open') await refreshProposals(services, unit, change.id);
    unit.audit({
      action: 'schedule-change:read',
      entityKind: 'ScheduleChange',
      entityId: change.id,
      patientId: change.patient_id,
    });
    return describeChange(unit, change);
  });
