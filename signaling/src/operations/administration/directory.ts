import type { DirectoryView } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { clinicEntry, organizationEntry, selectClinics, selectOrganizations } from '../../store/places.view.ts';
import { departments } from '../directory/departments.ts';

/** All places of the district as its administrator keeps them, closed clinics included. */
export async function directory(services: Services): Promise<DirectoryView> {
  const { db } = services;
  const [organizations, clinics, known] = await Promise.all([
    selectOrganizations(db).orderBy('kind').orderBy('ordinal').orderBy('name_zh').execute(),
    selectClinics(db)
      .innerJoin('organization', 'organization.id', 'location.organization_id')
      .orderBy('organization.ordinal')
      .orderBy('location.ordinal')
      .execute(),
    departments(services),
  ]);
  return {
    organizations: organizations.map(organizationEntry),
    clinics: clinics.map(clinicEntry),
    departments: known.departments,
  };
}
