import {
  AppError,
  DepartmentCode,
  LocationId,
  OrganizationId,
  PatientId,
  PractitionerId,
  PractitionerRoleId,
} from '@cloud-hospital/protocol';
import type { LocalizedText } from '@cloud-hospital/protocol';
import type { ClinicRef, PatientRef, SpecialistRef } from '@cloud-hospital/protocol/rest';
import type { Kysely } from 'kysely';
import { fullYears, localDate } from '../domain/localTime.ts';
import { maskPhone } from '../domain/masking.ts';
import type { Database, PatientTable, PractitionerTable } from './schema.ts';

/**
 * The short descriptions of people and places that most views contain. Views collect ids first and load all of them
 * with one query a kind, never one a row.
 */
type Reader = Kysely<Database>;

export type PatientRow = Pick<PatientTable, 'name' | 'birth_date' | 'gender' | 'identity_masked' | 'phone'> & {
  id: string;
};

export interface ClinicRow {
  id: string;
  name_zh: string;
  name_en: string;
  address: string;
  phone: string;
  sub_district_zh: string;
  sub_district_en: string;
}

export interface SpecialistRow extends Pick<PractitionerTable, 'name' | 'name_en' | 'gender'> {
  practitioner_role_id: string;
  practitioner_id: string;
  title_zh: string;
  title_en: string;
  department_code: string;
  department_zh: string;
  department_en: string;
  hospital_id: string;
  hospital_zh: string;
  hospital_en: string;
  hospital_phone: string;
}

/** @param now the database's clock: age is in full years on that day in Asia/Shanghai */
export const patientRef = (row: PatientRow, now: Date): PatientRef => ({
  patientId: PatientId.parse(row.id),
  name: row.name,
  gender: row.gender,
  birthDate: row.birth_date,
  age: fullYears(row.birth_date, localDate(now)),
  identityMasked: row.identity_masked,
  phoneMasked: maskPhone(row.phone),
});

export const clinicRef = (row: ClinicRow): ClinicRef => ({
  locationId: LocationId.parse(row.id),
  name: { zh: row.name_zh, en: row.name_en },
  subDistrict: { zh: row.sub_district_zh, en: row.sub_district_en },
  address: row.address,
  phone: row.phone,
});

export const specialistRef = (row: SpecialistRow): SpecialistRef => ({
  practitionerRoleId: PractitionerRoleId.parse(row.practitioner_role_id),
  practitionerId: PractitionerId.parse(row.practitioner_id),
  name: row.name,
  nameEn: row.name_en,
  gender: row.gender,
  title: { zh: row.title_zh, en: row.title_en },
  departmentCode: DepartmentCode.parse(row.department_code),
  departmentName: { zh: row.department_zh, en: row.department_en },
  hospital: {
    organizationId: OrganizationId.parse(row.hospital_id),
    name: { zh: row.hospital_zh, en: row.hospital_en },
  },
  hospitalPhone: row.hospital_phone,
});

/** Clinics with their sub-district; the base of every query that describes clinics. */
export const selectClinics = (db: Reader) =>
  db
    .selectFrom('location')
    .innerJoin('organization', 'organization.id', 'location.organization_id')
    .select([
      'location.id',
      'location.name_zh',
      'location.name_en',
      'location.address',
      'location.phone',
      'organization.name_zh as sub_district_zh',
      'organization.name_en as sub_district_en',
    ]);

/** Specialists' roles with department and hospital; the base of every query that describes specialists. */
export const selectSpecialists = (db: Reader) =>
  db
    .selectFrom('practitioner_role')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .innerJoin('department', 'department.code', 'practitioner_role.department_code')
    .innerJoin('organization', 'organization.id', 'practitioner_role.organization_id')
    .where('practitioner_role.role', '=', 'specialist')
    .select([
      'practitioner_role.id as practitioner_role_id',
      'practitioner_role.practitioner_id',
      'practitioner.name',
      'practitioner.name_en',
      'practitioner.gender',
      'practitioner_role.title_zh',
      'practitioner_role.title_en',
      'department.code as department_code',
      'department.name_zh as department_zh',
      'department.name_en as department_en',
      'organization.id as hospital_id',
      'organization.name_zh as hospital_zh',
      'organization.name_en as hospital_en',
      'organization.phone as hospital_phone',
    ]);

/** What one view needs described. Undefined and null ids are ignored. */
export interface RefIds {
  readonly patients?: Iterable<string | null>;
  readonly clinics?: Iterable<string | null>;
  readonly specialists?: Iterable<string | null>;
  /** Codes; those of the specialists need not be named. */
  readonly departments?: Iterable<string | null>;
}

/** Loaded references; asking for one that was not loaded is a programming error. */
export interface Refs {
  patient(id: string): PatientRef;
  clinic(id: string): ClinicRef;
  specialist(practitionerRoleId: string): SpecialistRef;
  departmentName(code: string): LocalizedText;
}

const distinct = (ids: Iterable<string | null> | undefined): string[] => [
  ...new Set([...(ids ?? [])].filter((id) => id !== null)),
];

function assertGet<T>(map: ReadonlyMap<string, T>, kind: string, id: string): T {
  const found = map.get(id);
  if (found === undefined) throw new AppError('INTERNAL', { reason: `no ${kind} for a row that references it` });
  return found;
}

/** Loads everything a view mentions, with at most one query a kind. @param now the database's clock */
export async function loadRefs(db: Reader, ids: RefIds, now: Date): Promise<Refs> {
  const [patientIds, clinicIds, specialistIds, departmentCodes] = [
    distinct(ids.patients),
    distinct(ids.clinics),
    distinct(ids.specialists),
    distinct(ids.departments),
  ];
  const [patients, clinics, specialists, departments] = await Promise.all([
    patientIds.length === 0
      ? []
      : db
          .selectFrom('patient')
          .select(['id', 'name', 'birth_date', 'gender', 'identity_masked', 'phone'])
          .where('id', 'in', patientIds)
          .execute(),
    clinicIds.length === 0 ? [] : selectClinics(db).where('location.id', 'in', clinicIds).execute(),
    specialistIds.length === 0
      ? []
      : selectSpecialists(db).where('practitioner_role.id', 'in', specialistIds).execute(),
    departmentCodes.length === 0
      ? []
      : db
          .selectFrom('department')
          .select(['code', 'name_zh', 'name_en'])
          .where('code', 'in', departmentCodes)
          .execute(),
  ]);
  const patientMap = new Map(patients.map((row) => [row.id, patientRef(row, now)]));
  const clinicMap = new Map(clinics.map((row) => [row.id, clinicRef(row)]));
  const specialistMap = new Map(specialists.map((row) => [row.practitioner_role_id, specialistRef(row)]));
  const departmentMap = new Map([
    ...specialists.map((row) => [row.department_code, { zh: row.department_zh, en: row.department_en }] as const),
    ...departments.map((row) => [row.code, { zh: row.name_zh, en: row.name_en }] as const),
  ]);
  return {
    patient: (id) => assertGet(patientMap, 'patient', id),
    clinic: (id) => assertGet(clinicMap, 'location', id),
    specialist: (id) => assertGet(specialistMap, 'specialist', id),
    departmentName: (code) => assertGet(departmentMap, 'department', code),
  };
}
