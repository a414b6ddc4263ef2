import type { StaffMember } from '@cloud-hospital/protocol/rest';
import { accountIdOf } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { selectStaff, staffView } from '../../store/staff.view.ts';

/** Everybody who works in the district: hospitals first, then clinics, each in the directory's order. */
export async function listStaff({ db }: Services, context: ActorContext): Promise<{ staff: StaffMember[] }> {
  const rows = await selectStaff(db)
    .orderBy('location.ordinal', (order) => order.asc().nullsFirst())
    .orderBy('organization.ordinal')
    .orderBy('role.role')
    .orderBy('account.username')
    .execute();
  return { staff: rows.map((row) => staffView(row, accountIdOf(context.agent))) };
}
