import { calendar } from '../operations/directory/calendar.ts';
import { clinicLoads } from '../operations/directory/clinicLoads.ts';
import { clinics } from '../operations/directory/clinics.ts';
import { departments } from '../operations/directory/departments.ts';
import { hospitals } from '../operations/directory/hospitals.ts';
import { search } from '../operations/directory/search.ts';
import { slots } from '../operations/directory/slots.ts';
import { specialists } from '../operations/directory/specialists.ts';
import { api, commandContext } from './procedures.ts';

export const directoryRoutes = {
  departments: api.directory.departments.handler(({ context }) => departments(context.services)),
  hospitals: api.directory.hospitals.handler(({ context }) => hospitals(context.services)),
  clinics: api.directory.clinics.handler(({ context }) => clinics(context.services)),
  specialists: api.directory.specialists.handler(({ input, context }) =>
    specialists(context.services, commandContext(context), input),
  ),
  search: api.directory.search.handler(({ input, context }) =>
    search(context.services, commandContext(context), input),
  ),
  calendar: api.directory.calendar.handler(({ input, context }) =>
    calendar(context.services, commandContext(context), input),
  ),
  clinicLoads: api.directory.clinicLoads.handler(({ input, context }) => clinicLoads(context.services, input)),
  slots: api.directory.slots.handler(({ input, context }) => slots(context.services, commandContext(context), input)),
};
