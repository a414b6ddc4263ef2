import { LocationId, OrganizationId } from '@cloud-hospital/protocol';
import type { ClinicEntry, OrganizationEntry } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

export const selectOrganizations = (db: Kysely<Database>) =>
  db.selectFrom('organization').select(['id', 'version', 'kind', 'name_zh', 'name_en', 'phone']);
type OrganizationRow = Awaited<ReturnType<ReturnType<typeof selectOrganizations>['executeTakeFirstOrThrow']>>;

export const organizationEntry = (row: OrganizationRow): OrganizationEntry => ({
  organizationId: OrganizationId.parse(row.id),
  version: row.version,
  kind: row.kind,
  name: { zh: row.name_zh, en: row.name_en },
  phone: row.phone,
});

export const selectClinics = (db: Kysely<Database>) =>
  db
    .selectFrom('location')
    .select([
      'location.id',
      'location.version',
      'location.organization_id',
      'location.name_zh',
      'location.name_en',
      'location.address',
      'location.phone',
      'location.active',
      sql<number>`(SELECT count(*)::int FROM device WHERE device.location_id = location.id)`.as('terminals'),
    ]);
type ClinicRow = Awaited<ReturnType<ReturnType<typeof selectClinics>['executeTakeFirstOrThrow']>>;

export const clinicEntry = (row: ClinicRow): ClinicEntry => ({
  locationId: LocationId.parse(row.id),
  version: row.version,
  organizationId: OrganizationId.parse(row.organization_id),
  name: { zh: row.name_zh, en: row.name_en },
  address: row.address,
  phone: row.phone,
  active: row.active,
  terminals: row.terminals,
});
