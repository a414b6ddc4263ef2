import type { LocationId } from '@cloud-hospital/protocol';
import type { ClinicLoad } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { clinicLoadsAt } from '../../store/clinicLoad.ts';

/** How many are planned before each clinic's terminals at that slot's time: numbers, nobody's name. */
export const clinicLoads = async (
  { db, config }: Services,
  { slotId }: { readonly slotId: string },
): Promise<{ loads: (ClinicLoad & { locationId: LocationId })[] }> => ({
  loads: await clinicLoadsAt(db, config, slotId),
});
