import type { Tx } from '../store/database.ts';
import { type DepartmentData, DEPARTMENTS } from './data/departments.ts';
import { EVERYDAY_WORDS } from './data/everydayWords.ts';
import { DISTRICT, HOSPITALS, NEIGHBOURHOODS, SUB_DISTRICTS } from './data/places.ts';
import { insertAll } from './insertAll.ts';
import type { Random } from './random.ts';

export interface Clinic {
  readonly id: string;
  readonly name: string;
  readonly deviceId: string;
}

export interface Directory {
  readonly districtId: string;
  readonly hospitalIds: readonly string[];
  readonly clinics: readonly Clinic[];
}

const pair = ([zh, en]: readonly [string, string]) => ({ zh, en });

export const insertDepartments = (tx: Tx, departments: readonly DepartmentData[]): Promise<void> =>
  insertAll(
    tx,
    'department',
    departments.map(({ code, name, symptoms }, ordinal) => ({
      code,
      name_zh: name.zh,
      name_en: name.en,
      symptoms: JSON.stringify(symptoms.map(pair)),
      everyday_words: [...(EVERYDAY_WORDS[code] ?? [])],
      ordinal,
    })),
  );

/** District, sub-districts, 93 clinics with a terminal each, hospitals, departments. */
export async function seedDirectory(tx: Tx, random: Random): Promise<Directory> {
  const districtId = random.uuid();
  const organizations = [
    {
      id: districtId,
      kind: 'district' as const,
      part_of: null,
      name_zh: DISTRICT.zh,
      name_en: DISTRICT.en,
      ordinal: 0,
    },
    ...SUB_DISTRICTS.map(({ zh, en }, ordinal) => ({
      id: random.uuid(),
      kind: 'sub-district' as const,
      part_of: districtId,
      name_zh: zh,
      name_en: en,
      ordinal,
    })),
    ...HOSPITALS.map(({ zh, en }, ordinal) => ({
      id: random.uuid(),
      kind: 'hospital' as const,
      part_of: null,
      name_zh: zh,
      name_en: en,
      phone: `0599-0001${String(ordinal + 1).padStart(3, '0')}`,
      ordinal,
    })),
  ];
  await insertAll(tx, 'organization', organizations);
  const subDistrictIds = organizations.filter(({ kind }) => kind === 'sub-district').map(({ id }) => id);

  const locations = SUB_DISTRICTS.flatMap(({ zh, clinics }, subDistrict) =>
    Array.from({ length: clinics }, (_, ordinal) => {
      const neighbourhood = NEIGHBOURHOODS[(ordinal + subDistrict * 2) % NEIGHBOURHOODS.length] ?? DISTRICT;
      const shortName = zh.slice(0, 2);
      return {
        id: random.uuid(),
        organization_id: subDistrictIds[subDistrict] ?? districtId,
        name_zh: `${shortName}${neighbourhood.zh}社区卫生服务站`,
        name_en: `${SUB_DISTRICTS[subDistrict]?.en ?? ''} ${neighbourhood.en} Community Clinic`,
        address: `${DISTRICT.zh}${zh}${neighbourhood.zh}路 ${random.int(1, 288)} 号`,
        // 0000 in the exchange's place: nobody is called by a demonstration.
        phone: `0599-0000${String(subDistrict * 10 + ordinal).padStart(3, '0')}`,
        ordinal,
      };
    }),
  );
  await insertAll(tx, 'location', locations);
  const clinics = locations.map(({ id, name_zh: name }) => ({ id, name, deviceId: random.uuid() }));
  await insertAll(
    tx,
    'device',
    clinics.map(({ id, deviceId }, index) => ({
      id: deviceId,
      location_id: id,
      name: `云医院终端 ${String(index + 1).padStart(3, '0')}`,
    })),
  );
  await insertDepartments(tx, DEPARTMENTS);
  const hospitalIds = organizations.filter(({ kind }) => kind === 'hospital').map(({ id }) => id);
  return { districtId, hospitalIds, clinics };
}
