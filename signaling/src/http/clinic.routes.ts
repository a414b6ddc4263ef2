import { checkIn } from '../operations/clinic/checkIn.ts';
import { findPatient } from '../operations/clinic/findPatient.ts';
import { markLeft } from '../operations/clinic/markLeft.ts';
import { recordConsent } from '../operations/clinic/recordConsent.ts';
import { recordVitals } from '../operations/clinic/recordVitals.ts';
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
