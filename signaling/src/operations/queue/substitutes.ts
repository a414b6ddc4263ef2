import { AppError, PractitionerRoleId } from '@cloud-hospital/protocol';
import type { Substitute } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Actor } from '../../domain/Actor.ts';
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
  phone_visits: boolean;
}

/** Specialists of the same department, whoever could take somebody over soonest first. */
export async function substitutesOf(unit: Unit, departmentCode: string, except: string | null): Promise<Substitute[]> {
  const { rows } = await sql<Row>`SELECT * FROM substitutes_of(${departmentCode}, ${except})`.execute(unit.tx);
  return rows.map((row) => ({
    practitionerRoleId: PractitionerRoleId.parse(row.practitioner_role_id),
    name: { zh: row.name, en: row.name_en },
    hospitalName: { zh: row.hospital_zh, en: row.hospital_en },
    availability: row.state,
    waiting: row.waiting,
    phoneVisits: row.phone_visits,
  }));
}

/** @throws AppError BAD_REQUEST when a coordinator names no department of their hospital */
async function departmentOf(unit: Unit, actor: Actor, wanted: string | undefined): Promise<string> {
  const role = await unit.tx
    .selectFrom('practitioner_role')
    .select('department_code')
    .where('role', '=', 'specialist')
    .where('active', '=', true)
    .where((eb) =>
      actor.role === 'coordinator'
        ? eb.and([eb('organization_id', '=', actor.organizationId), eb('department_code', '=', wanted ?? '')])
        : eb('id', '=', specialistRole(actor)),
    )
    .executeTakeFirst();
  const code = role?.department_code ?? null;
  if (code === null) throw new AppError('BAD_REQUEST', { field: 'departmentCode' });
  return code;
}

/**
 * To whom somebody of the specialist's own department could be handed over (for a coordinator: of one of their
 * hospital's departments), and whether the department has a pool that anybody calls from.
 */
export const substitutes = (
  services: Services,
  context: ActorContext,
  input: { readonly departmentCode?: string | undefined },
): Promise<{ substitutes: Substitute[]; pool: boolean }> =>
  services.commands.run(context, async (unit) => {
    const code = await departmentOf(unit, context.agent, input.departmentCode);
    const member = await unit.tx
      .selectFrom('practitioner_role')
      .innerJoin('availability', 'availability.practitioner_role_id', 'practitioner_role.id')
      .select('practitioner_role.id')
      .where('department_code', '=', code)
      .where('active', '=', true)
      .where('takes_pool', '=', true)
      .executeTakeFirst();
    const own = context.agent.role === 'specialist' ? context.agent.practitionerRoleId : null;
    return { substitutes: await substitutesOf(unit, code, own), pool: member !== undefined };
  });
