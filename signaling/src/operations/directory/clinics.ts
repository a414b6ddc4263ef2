import type { ClinicRef } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { clinicRef, selectClinics } from '../../store/refs.ts';

/** The clinics where one can attend, by sub-district. */
export async function clinics({ db }: Services): Promise<{ clinics: ClinicRef[] }> {
  const rows = await selectClinics(db)
    .where('location.active', '=', true)
    .orderBy('organization.ordinal')
    .orderBy('location.ordinal')
    .execute();
  return { clinics: rows.map(clinicRef) };
}
