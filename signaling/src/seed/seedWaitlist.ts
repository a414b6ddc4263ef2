import type { Unit } from '../store/command.ts';
import { CASE_STORIES } from './data/caseStories.ts';
import type { Random } from './random.ts';
import type { Directory } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { Staff } from './seedStaff.ts';

/** The second specialist of the first two departments: few half days, as those have who are waited for. */
const FIRST_SPECIALIST = 15;
const SPECIALISTS = 2;
const FIRST_RESIDENT = 120;
const WAITING_EACH = 3;

/**
 * A few people who wait for a released time. They joined after all the present slots were made: only what is given back
 * from now on is offered to them.
 */
export async function seedWaitlist(
  { tx, now }: Unit,
  random: Random,
  { directory, staff, residents }: { directory: Directory; staff: Staff; residents: readonly Resident[] },
): Promise<void> {
  const specialists = staff.specialists.slice(FIRST_SPECIALIST, FIRST_SPECIALIST + SPECIALISTS);
  for (const [list, specialist] of specialists.entries()) {
    const stories = CASE_STORIES[specialist.departmentCode] ?? [];
    const first = FIRST_RESIDENT + list * WAITING_EACH;
    for (const [place, resident] of residents.slice(first, first + WAITING_EACH).entries()) {
      const clinic = directory.clinics[resident.clinic];
      if (clinic === undefined) continue;
      await tx
        .insertInto('appointment')
        .values({
          id: random.uuid(),
          patient_id: resident.patientId,
          practitioner_id: specialist.practitionerId,
          practitioner_role_id: specialist.practitionerRoleId,
          location_id: clinic.id,
          status: 'waitlist',
          complaint: random.pick(stories).complaint,
          waitlisted_at: new Date(now.getTime() + 1 + place),
          booked_by_account: resident.accountId,
          booked_by_role: 'resident',
        })
        .execute();
    }
  }
}
