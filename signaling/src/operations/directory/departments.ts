import { DepartmentCode } from '@cloud-hospital/protocol';
import type { Department } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';

/** All departments with the words people use for what they treat. */
export async function departments({ db }: Services): Promise<{ departments: Department[] }> {
  const rows = await db
    .selectFrom('department')
    .select(['code', 'name_zh', 'name_en', 'symptoms'])
    .orderBy('ordinal')
    .execute();
  return {
    departments: rows.map((row) => ({
      code: DepartmentCode.parse(row.code),
      name: { zh: row.name_zh, en: row.name_en },
      symptoms: row.symptoms,
    })),
  };
}
