import { checkIn } from '../operations/clinic/checkIn.ts';
import { excuseNoShow } from '../operations/clinic/excuseNoShow.ts';
import { findPatient } from '../operations/clinic/findPatient.ts';
import { listNoShows } from '../operations/clinic/listNoShows.ts';
import { markLeft } from '../operations/clinic/markLeft.ts';
import { recordConsent } from '../operations/clinic/recordConsent.ts';
import { recordVitals } from '../operations/clinic/recordVitals.ts';
import { registerPatient } from '../operations/clinic/registerPatient.ts';
import { registerWalkIn } from '../operations/clinic/registerWalkIn.ts';
import { setReady } from '../operations/clinic/setReady.ts';
import { worklist } from '../operations/clinic/worklist.ts';
import { api, commandContext } from './procedures.ts';
import { recordContext } from './recordContext.ts';

export const clinicRoutes = {
  worklist: api.clinic.worklist.handler(({ input, context }) =>
    worklist(context.services, commandContext(context), input),
  ),
  checkIn: api.clinic.checkIn.handler(({ input, context }) => checkIn(context.services, recordContext(context), input)),
  registerWalkIn: api.clinic.registerWalkIn.handler(({ input, context }) =>
    registerWalkIn(context.services, recordContext(context), input),
  ),
  findPatient: api.clinic.findPatient.handler(({ input, context }) =>
    findPatient(context.services, commandContext(context), input),
  ),
  registerPatient: api.clinic.registerPatient.handler(({ input, context }) =>
    registerPatient(context.services, commandContext(context), input),
  ),
  noShows: api.clinic.noShows.handler(({ input, context }) =>
    listNoShows(context.services, commandContext(context), input),
  ),
  excuseNoShow: api.clinic.excuseNoShow.handler(({ input, context }) =>
    excuseNoShow(context.services, commandContext(context), input),
  ),
  recordConsent: api.clinic.recordConsent.handler(({ input, context }) =>
    recordConsent(context.services, commandContext(context), input),
  ),
  recordVitals: api.clinic.recordVitals.handler(({ input, context }) =>
    recordVitals(context.services, commandContext(context), input),
  ),
  markLeft: api.clinic.markLeft.handler(({ input, context }) =>
    markLeft(context.services, recordContext(context), input),
  ),
  setReady: api.clinic.setReady.handler(({ input, context }) =>
    setReady(context.services, recordContext(context), input),
  ),
};
