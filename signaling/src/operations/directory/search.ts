import { DepartmentCode } from '@cloud-hospital/protocol';
import type { SearchHits } from '@cloud-hospital/protocol/rest';
import { departmentsFor } from '../../domain/symptomSearch.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { bookingWindowEnd } from '../../store/freeSlots.ts';
import { clinicRef, selectClinics } from '../../store/refs.ts';
import { findSpecialists } from '../../store/specialists.ts';
import { hospitals as listHospitals } from './hospitals.ts';
import { visibleSpecialists } from './visibleSpecialists.ts';

const MOST_DEPARTMENTS = 4;
const MOST_SPECIALISTS = 12;
const MOST_CLINICS = 5;

/** What somebody typed, understood as all it may be; each department and specialist comes with the next free slot. */
export async function search(
  services: Services,
  { agent }: ActorContext,
  { q }: { readonly q: string },
): Promise<SearchHits> {
  const { db, config } = services;
  const visible = visibleSpecialists(agent);
  if (visible === null) return { departments: [], specialists: [], hospitals: [], clinics: [] };
  const until = bookingWindowEnd(await databaseNow(db), config.BOOKING_WINDOW_DAYS);
  const departments = await db
    .selectFrom('department')
    .select(['code', 'name_zh', 'name_en', 'symptoms', 'everyday_words'])
    .execute();
  const matches = departmentsFor(
    q,
    departments.map(({ code, name_zh: zh, name_en: en, symptoms, everyday_words: words }) => ({
      code,
      words: [zh, en, ...symptoms.flatMap((symptom) => [symptom.zh, symptom.en]), ...words],
    })),
  ).slice(0, MOST_DEPARTMENTS);
  const contains = (...names: readonly string[]): boolean =>
    names.some((name) => name.toLowerCase().includes(q.toLowerCase()));
  const [inDepartments, specialists, { hospitals }, clinics] = await Promise.all([
    matches.length === 0
      ? []
      : findSpecialists(db, { ...visible, departmentCodes: matches.map(({ code }) => code) }, until),
    findSpecialists(db, { ...visible, name: q }, until),
    listHospitals(services),
    selectClinics(db).where('location.active', '=', true).orderBy('location.ordinal').execute(),
  ]);
  return {
    departments: matches.flatMap(({ code, words }) => {
      const department = departments.find((one) => one.code === code);
      if (department === undefined) return [];
      // Soonest first: the first of a department is its earliest.
      const earliest = inDepartments.find((one) => one.departmentCode === code && one.nextFree !== null) ?? null;
      return [
        {
          code: DepartmentCode.parse(code),
          name: { zh: department.name_zh, en: department.name_en },
          words: [...words],
          earliest,
        },
      ];
    }),
    specialists: specialists.slice(0, MOST_SPECIALISTS),
    hospitals: hospitals.filter(({ name }) => contains(name.zh, name.en)),
    clinics: clinics
      .filter((clinic) => contains(clinic.name_zh, clinic.name_en, clinic.sub_district_zh, clinic.sub_district_en))
      .slice(0, MOST_CLINICS)
      .map(clinicRef),
  };
}
