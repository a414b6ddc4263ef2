import type { WaitlistEntry } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../../Services.ts';
import type { ActorContext } from '../../../store/command.ts';
import { waitlistViews } from '../../../store/waitlist.view.ts';
import { runVisible } from '../../denied.ts';
import { visibleWaiting } from './describe.ts';

/** The actor's places on waiting lists, with what is offered now. */
export const listWaiting = (
  services: Services,
  context: ActorContext,
): Promise<{ entries: WaitlistEntry[]; now: string }> =>
  runVisible(services, context, async (unit) => {
    const rows = await visibleWaiting(unit, context.agent).orderBy('appointment.waitlisted_at').execute();
    unit.audit({
      action: 'waitlist:read',
      entityKind: 'Appointment',
      entityId: null,
      patientId: context.agent.patientId,
      details: { count: rows.length },
    });
    return { entries: await waitlistViews(unit.tx, rows, unit.now), now: unit.now.toISOString() };
  });
