import { addStaff } from '../operations/administration/addStaff.ts';
import { directory } from '../operations/administration/directory.ts';
import { issueActivationCode } from '../operations/administration/issueActivationCode.ts';
import { listStaff } from '../operations/administration/listStaff.ts';
import { resetSecondFactor } from '../operations/administration/resetSecondFactor.ts';
import { saveClinic } from '../operations/administration/saveClinic.ts';
import { saveOrganization } from '../operations/administration/saveOrganization.ts';
import { setStaffActive } from '../operations/administration/setStaffActive.ts';
import { api, commandContext } from './procedures.ts';

export const administrationRoutes = {
  directory: api.administration.directory.handler(({ context }) => directory(context.services)),
  saveOrganization: api.administration.saveOrganization.handler(({ input, context }) =>
    saveOrganization(context.services, commandContext(context), input),
  ),
  saveClinic: api.administration.saveClinic.handler(({ input, context }) =>
    saveClinic(context.services, commandContext(context), input),
  ),
  staff: api.administration.staff.handler(({ context }) => listStaff(context.services, commandContext(context))),
  addStaff: api.administration.addStaff.handler(({ input, context }) =>
    addStaff(context.services, commandContext(context), input),
  ),
  issueActivationCode: api.administration.issueActivationCode.handler(({ input, context }) =>
    issueActivationCode(context.services, commandContext(context), input),
  ),
  resetSecondFactor: api.administration.resetSecondFactor.handler(({ input, context }) =>
    resetSecondFactor(context.services, commandContext(context), input),
  ),
  setStaffActive: api.administration.setStaffActive.handler(({ input, context }) =>
    setStaffActive(context.services, commandContext(context), input),
  ),
};
