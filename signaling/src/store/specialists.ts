import type { Specialist } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Db } from './database.ts';
import { slotIsFree } from './freeSlots.ts';
import { selectSpecialists, specialistRef } from './refs.ts';

export interface SpecialistFilter {
  readonly practitionerRoleId?: string | null | undefined;
  readonly organizationId?: string | null | undefined;
  readonly departmentCode?: string | undefined;
  /** A name, hospital or department, what somebody is good at, or words for a complaint. */
  readonly q?: string | undefined;
}

const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** People type "最近总是头疼" as well as "头疼": a symptom matches when either contains the other. */
const matchesText = (q: string) => {
  const pattern = likePattern(q);
  return sql<boolean>`(concat_ws(' ', practitioner.name, practitioner.name_en, department.name_zh, department.name_en,
      organization.name_zh, organization.name_en, practitioner_role.expertise_zh, practitioner_role.expertise_en) ILIKE ${pattern}
    OR EXISTS (SELECT FROM jsonb_array_elements(department.symptoms) AS symptom
      WHERE symptom->>'zh' ILIKE ${pattern} OR symptom->>'en' ILIKE ${pattern}
        OR strpos(lower(${q}), lower(symptom->>'zh')) > 0 OR strpos(lower(${q}), lower(symptom->>'en')) > 0))`;
};

/**
 * Specialists with their next free slot, soonest first; one query whatever their number.
 * @param until end of the booking window
 */
export async function findSpecialists(db: Db, filter: SpecialistFilter, until: Date): Promise<Specialist[]> {
  const { practitionerRoleId, organizationId, departmentCode, q } = filter;
  let query = selectSpecialists(db)
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('slot')
          .whereRef('slot.practitioner_role_id', '=', 'practitioner_role.id')
          .where(sql<boolean>`lower(slot.period) > now() AND lower(slot.period) < ${until}`)
          .where(slotIsFree)
          .select([
            sql<Date | null>`min(lower(slot.period))`.as('next_free'),
            sql<number>`count(*)::int`.as('free_slots'),
          ])
          .as('free'),
      (join) => join.onTrue(),
    )
    .leftJoin('availability', 'availability.practitioner_role_id', 'practitioner_role.id')
    .where('practitioner_role.active', '=', true)
    .select(['practitioner_role.expertise_zh', 'practitioner_role.expertise_en', 'free.next_free', 'free.free_slots'])
    .select((eb) => [
      'availability.state as availability',
      'availability.takes_pool',
      eb
        .selectFrom('queue_entry')
        .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
        .whereRef('queue.practitioner_role_id', '=', 'practitioner_role.id')
        .where('queue_entry.state', '=', 'waiting')
        .select(sql<number>`count(*)::int`.as('waiting'))
        .as('waiting'),
    ])
    .orderBy('free.next_free', (order) => order.asc().nullsLast())
    .orderBy('practitioner.name_en');
  if (practitionerRoleId !== undefined && practitionerRoleId !== null) {
    query = query.where('practitioner_role.id', '=', practitionerRoleId);
  }
  if (organizationId !== undefined && organizationId !== null)
    query = query.where('organization.id', '=', organizationId);
  if (departmentCode !== undefined) query = query.where('department.code', '=', departmentCode);
  if (q !== undefined && q !== '') query = query.where(matchesText(q));
  const rows = await query.execute();
  return rows.map((row) => ({
    ...specialistRef(row),
    expertise: { zh: row.expertise_zh, en: row.expertise_en },
    nextFree: row.next_free?.toISOString() ?? null,
    freeSlots: row.free_slots ?? 0,
    availability: row.availability ?? 'off',
    waiting: row.waiting ?? 0,
    takesPool: row.takes_pool ?? false,
  }));
}
