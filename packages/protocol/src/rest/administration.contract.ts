import { z } from 'zod';
import { PractitionerRoleId } from '../common/ids.ts';
import {
  ActivationCodeIssued,
  ClinicEntry,
  ClinicInput,
  DirectoryView,
  OrganizationEntry,
  OrganizationInput,
  StaffActiveInput,
  StaffInput,
  StaffMember,
} from './administration.schemas.ts';
import { procedure } from './procedure.ts';

/** The district's administration of places and people. No clinical text. */
export const administration = {
  directory: procedure('directory:administer').route({ method: 'GET', path: '/administration' }).output(DirectoryView),
  saveOrganization: procedure('directory:administer')
    .route({ method: 'PUT', path: '/administration/organizations/{organizationId}' })
    .input(OrganizationInput)
    .output(OrganizationEntry),
  saveClinic: procedure('directory:administer')
    .route({ method: 'PUT', path: '/administration/clinics/{locationId}' })
    .input(ClinicInput)
    .output(ClinicEntry),
  staff: procedure('staff:administer')
    .route({ method: 'GET', path: '/administration/staff' })
    .output(z.object({ staff: z.array(StaffMember) })),
  addStaff: procedure('staff:administer')
    .route({ method: 'PUT', path: '/administration/staff/{practitionerRoleId}' })
    .input(StaffInput)
    .output(ActivationCodeIssued),
  issueActivationCode: procedure('staff:administer')
    .route({ method: 'POST', path: '/administration/staff/{practitionerRoleId}/activation-code' })
    .input(z.object({ practitionerRoleId: PractitionerRoleId }))
    .output(ActivationCodeIssued),
  /** The phone with the authenticator is lost: the person enrols another one at the next sign-in. */
  resetSecondFactor: procedure('staff:administer')
    .route({ method: 'DELETE', path: '/administration/staff/{practitionerRoleId}/second-factor' })
    .input(z.object({ practitionerRoleId: PractitionerRoleId }))
    .output(StaffMember),
  setStaffActive: procedure('staff:administer')
    .route({ method: 'PUT', path: '/administration/staff/{practitionerRoleId}/active' })
    .input(StaffActiveInput)
    .output(StaffMember),
};
