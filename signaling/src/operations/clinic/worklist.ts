import type { Worklist } from '@cloud-hospital/protocol/rest';
import { localDate } from '../../domain/localTime.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { worklistView } from '../../store/worklist.view.ts';
import { staffLocation } from '../booking/visibility.ts';

/** The own clinic's list of a day, today unless another is asked for. Reading it is audited. */
export const worklist = async (
  services: Services,
  context: ActorContext,
  input: { readonly date?: string | undefined },
): Promise<Worklist> => {
  const locationId = staffLocation(context.agent);
  const places = await services.places.ofClinic(locationId);
  return services.commands.run(context, async (unit) => {
    const today = localDate(unit.now);
    const date = input.date ?? today;
    const view = await worklistView(unit.tx, locationId, { date, withOpen: date === today }, unit.now, places);
    unit.audit({
      action: 'worklist:read',
      entityKind: 'Location',
      entityId: locationId,
      details: { date, count: view.items.length },
    });
    return view;
  });
};
