import { PractitionerRoleId } from '@cloud-hospital/protocol';
import { type StaffMember, StaffRole } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** Everybody who works here, one row a role. */
export const selectStaff = (db: Kysely<Database>) =>
  db
    .selectFrom('practitioner_role as role')
    .innerJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('account', 'account.id', 'practitioner.account_id')
    .leftJoin('department', 'department.code', 'role.department_code')
    .leftJoin('organization', 'organization.id', 'role.organization_id')
    .leftJoin('location', 'location.id', 'role.location_id')
    .select([
      'role.id',
      'role.version',
      'role.role',
      'role.active',
      'role.title_zh',
      'role.title_en',
      'practitioner.name',
      'account.id as account_id',
      'account.username',
      sql<boolean>`account.password_hash IS NOT NULL`.as('activated'),
      sql<boolean>`account.totp_confirmed_at IS NOT NULL`.as('second_factor'),
      'department.name_zh as department_zh',
      'department.name_en as department_en',
      (eb) => eb.fn.coalesce('location.name_zh', 'organization.name_zh').as('place_zh'),
      (eb) => eb.fn.coalesce('location.name_en', 'organization.name_en').as('place_en'),
    ]);

type StaffRow = Awaited<ReturnType<ReturnType<typeof selectStaff>['executeTakeFirstOrThrow']>>;

/** @param viewerAccountId whose own row is marked */
export const staffView = (row: StaffRow, viewerAccountId: string | null): StaffMember => ({
  practitionerRoleId: PractitionerRoleId.parse(row.id),
  version: row.version,
  username: row.username ?? '',
  name: row.name,
  role: StaffRole.parse(row.role),
  title: { zh: row.title_zh, en: row.title_en },
  place: { zh: row.place_zh ?? '', en: row.place_en ?? '' },
  departmentName: row.department_zh === null ? null : { zh: row.department_zh, en: row.department_en ?? '' },
  active: row.active,
  activated: row.activated,
  secondFactor: row.second_factor,
  isSelf: row.account_id === viewerAccountId,
});
