import { SlotId } from '@cloud-hospital/protocol';
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
  /** A name in Chinese or pinyin, pinyin initials (`wjg`), or what somebody is good at. */
  readonly name?: string | undefined;
  readonly departmentCodes?: readonly string[] | undefined;
  /** Only slots from then on count as free. */
  readonly since?: Date | undefined;
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

const INITIALS = /^[a-z]{2,4}$/i;
/** `wjg` → `^w[a-z'-]* j[a-z'-]*g[a-z'-]*$`: family name, then the syllables of the given one. */
function initialsPattern(name: string): string {
  const [family = '', ...given] = name.toLowerCase();
  const any = "[a-z'-]*";
  return `^${family}${any} ${given.map((letter) => `${letter}${any}`).join('')}$`;
}

const matchesName = (name: string) => {
  const pattern = likePattern(name);
  const initials = INITIALS.test(name) ? sql`OR practitioner.name_en ~* ${initialsPattern(name)}` : sql``;
  return sql<boolean>`(concat_ws(' ', practitioner.name, practitioner.name_en, replace(practitioner.name_en, ' ', ''),
    practitioner_role.expertise_zh, practitioner_role.expertise_en) ILIKE ${pattern} ${initials})`;
};

/**
 * Specialists with their next free slot, soonest first; one query whatever their number.
 * @param until end of the booking window, or of the one day that counts
 */
export async function findSpecialists(db: Db, filter: SpecialistFilter, until: Date): Promise<Specialist[]> {
  const { practitionerRoleId, organizationId, departmentCode, departmentCodes, q, name, since } = filter;
  let query = selectSpecialists(db)
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('slot')
          .whereRef('slot.practitioner_role_id', '=', 'practitioner_role.id')
          .where(sql<boolean>`lower(slot.period) > now() AND lower(slot.period) < ${until}`)
          .$if(since !== undefined, (slots) => slots.where(sql<boolean>`lower(slot.period) >= ${since}`))
          .where(slotIsFree)
          .select([
            'slot.id as next_slot',
            sql<Date>`lower(slot.period)`.as('next_free'),
            sql<number>`(count(*) OVER ())::int`.as('free_slots'),
          ])
          .orderBy(sql`lower(slot.period)`)
          .limit(1)
          .as('free'),
      (join) => join.onTrue(),
    )
    .leftJoin('availability', 'availability.practitioner_role_id', 'practitioner_role.id')
    .where('practitioner_role.active', '=', true)
    .select([
      'practitioner_role.expertise_zh',
      'practitioner_role.expertise_en',
      'practitioner_role.phone_visits',
      'free.next_free',
      'free.next_slot',
      'free.free_slots',
    ])
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
  if (departmentCodes !== undefined) query = query.where('department.code', 'in', [...departmentCodes]);
  if (name !== undefined) query = query.where(matchesName(name));
  if (q !== undefined && q !== '') query = query.where(matchesText(q));
  const rows = await query.execute();
  return rows.map((row) => ({
    ...specialistRef(row),
    expertise: { zh: row.expertise_zh, en: row.expertise_en },
    nextFree: row.next_free?.toISOString() ?? null,
    nextFreeSlot: row.next_slot === null ? null : SlotId.parse(row.next_slot),
    freeSlots: row.free_slots ?? 0,
    availability: row.availability ?? 'off',
    waiting: row.waiting ?? 0,
    takesPool: row.takes_pool ?? false,
    phoneVisits: row.phone_visits,
  }));
}
