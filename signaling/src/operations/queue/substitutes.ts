import { PractitionerRoleId } from '@cloud-hospital/protocol';
import type { Substitute } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { specialistRole } from './ownQueue.ts';

interface Row {
  practitioner_role_id: string;
  name: string;
  name_en: string;
  hospital_zh: string;
  hospital_en: string;
  state: Availability;
  waiting: number;
}

/** Specialists of the same department, whoever could take somebody over soonest first. */
export async function substitutesOf(unit: Unit, practitionerRoleId: string): Promise<Substitute[]> {
  const { rows } = await sql<Row>`SELECT * FROM substitutes_of(${practitionerRoleId})`.execute(unit.tx);
  return rows.map((row) => ({
    practitionerRoleId: PractitionerRoleId.parse(row.practitioner_role_id),
    name: { zh: row.name, en: row.name_en },
    hospitalName: { zh: row.hospital_zh, en: row.hospital_en },
    availability: row.state,
    waiting: row.waiting,
  }));
}

/** To whom the signed-in specialist could hand somebody over, and whether the department has a pool that anybody calls from. */
export const substitutes = (
  services: Services,
  context: ActorContext,
): Promise<{ substitutes: Substitute[]; pool: boolean }> =>
  services.commands.run(context, async (unit) => {
    const roleId = specialistRole(context.agent);
    const member = await unit.tx
      .selectFrom('practitioner_role as own')
      .innerJoin('practitioner_role as colleague', 'colleague.department_code', 'own.department_code')
      .innerJoin('availability', 'availability.practitioner_role_id', 'colleague.id')
      .select('colleague.id')
      .where('own.id', '=', roleId)
      .where('colleague.active', '=', true)
      .where('availability.takes_pool', '=', true)
      .executeTakeFirst();
    return { substitutes: await substitutesOf(unit, roleId), pool: member !== undefined };
  });
