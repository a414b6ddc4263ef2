import { OrganizationId } from '@cloud-hospital/protocol';
import type { HospitalRef } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';

/** The tertiary hospitals whose specialists can be seen. */
export async function hospitals({ db }: Services): Promise<{ hospitals: HospitalRef[] }> {
  const rows = await db
    .selectFrom('organization')
    .select(['id', 'name_zh', 'name_en'])
    .where('kind', '=', 'hospital')
    .orderBy('ordinal')
    .execute();
  return {
    hospitals: rows.map((row) => ({
      organizationId: OrganizationId.parse(row.id),
      name: { zh: row.name_zh, en: row.name_en },
    })),
  };
}
