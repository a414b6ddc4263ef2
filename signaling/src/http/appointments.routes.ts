import { cancel } from '../operations/booking/cancel.ts';
import { confirm } from '../operations/booking/confirm.ts';
import { holdInTurn } from '../operations/booking/holdInTurn.ts';
import { expectedTime } from '../operations/booking/expectedTime.ts';
import { getAppointment, listAppointments, listPatients } from '../operations/booking/read.ts';
import { reportDeviceCheck } from '../operations/booking/reportDeviceCheck.ts';
import { reschedule } from '../operations/booking/reschedule.ts';
import { checkInByPhone } from '../operations/phoneVisit/checkIn.ts';
import { setPhoneReady } from '../operations/phoneVisit/setReady.ts';
import { api, commandContext } from './procedures.ts';

export const appointmentRoutes = {
  patients: api.appointments.patients.handler(({ context }) => listPatients(context.services, commandContext(context))),
  hold: api.appointments.hold.handler(({ input, context }) =>
    holdInTurn(context.services, commandContext(context), input),
  ),
  confirm: api.appointments.confirm.handler(({ input, context }) =>
    confirm(context.services, commandContext(context), input),
  ),
  cancel: api.appointments.cancel.handler(({ input, context }) =>
    cancel(context.services, commandContext(context), input),
  ),
  reschedule: api.appointments.reschedule.handler(({ input, context }) =>
    reschedule(context.services, commandContext(context), input),
  ),
  reportDeviceCheck: api.appointments.reportDeviceCheck.handler(({ input, context }) =>
    reportDeviceCheck(context.services, commandContext(context), input),
  ),
  checkInByPhone: api.appointments.checkInByPhone.handler(({ input, context }) =>
    checkInByPhone(context.services, commandContext(context), input),
  ),
  setPhoneReady: api.appointments.setPhoneReady.handler(({ input, context }) =>
    setPhoneReady(context.services, commandContext(context), input),
  ),
  list: api.appointments.list.handler(({ context }) => listAppointments(context.services, commandContext(context))),
  get: api.appointments.get.handler(({ input, context }) =>
    getAppointment(context.services, commandContext(context), input),
  ),
  expectedTime: api.appointments.expectedTime.handler(({ input, context }) =>
    expectedTime(context.services, commandContext(context), input),
  ),
};
