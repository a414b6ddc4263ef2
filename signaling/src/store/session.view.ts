import {
  DepartmentCode,
  DeviceId,
  GuestLinkId,
  LocationId,
  OrganizationId,
  PatientId,
  PractitionerId,
  PractitionerRoleId,
  type Role,
  UserId,
} from '@cloud-hospital/protocol';
import type { Session } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { DeviceIdentity } from '../domain/DeviceIdentity.ts';
import { maskPhone } from '../domain/masking.ts';
import type { Actor } from '../domain/Actor.ts';
import type { Database } from './schema.ts';

/** Sessions that are good at this moment, with the person, role, place and terminal behind them. */
export const selectLiveSessions = (db: Kysely<Database>) =>
  db
    .selectFrom('session')
    .leftJoin('account', 'account.id', 'session.account_id')
    .leftJoin('patient', 'patient.account_id', 'account.id')
    .leftJoin('practitioner_role as role', 'role.id', 'session.practitioner_role_id')
    .leftJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .leftJoin('department', 'department.code', 'role.department_code')
    .leftJoin('organization', 'organization.id', 'role.organization_id')
    .leftJoin('device', 'device.id', 'session.device_id')
    .leftJoin('guest_link', 'guest_link.id', 'session.guest_link_id')
    // Staff sign in on terminals of their own clinic only, so the two never differ.
    .leftJoin('location', (join) =>
      join.on('location.id', '=', (eb) => eb.fn.coalesce('role.location_id', 'device.location_id')),
    )
    .where('session.revoked_at', 'is', null)
    .where('session.expires_at', '>', sql<Date>`now()`)
    .where(sql<boolean>`session.last_seen_at + make_interval(secs => session.idle_seconds) > now()`)
    .where('account.disabled_at', 'is', null)
    .where('guest_link.ended_at', 'is', null)
    .where((eb) => eb.or([eb('session.practitioner_role_id', 'is', null), eb('role.active', '=', true)]))
    .where((eb) =>
      eb.or([eb('session.device_id', 'is', null), eb('device.status', 'not in', ['revoked', 'unenrolled'])]),
    )
    .select([
      'session.id',
      'session.token_hash',
      'session.face',
      'session.kind',
      'session.expires_at',
      'session.second_factor_at',
      sql<boolean>`session.last_seen_at < now() - interval '1 minute'`.as('seen_long_ago'),
      'session.account_id',
      'session.practitioner_role_id',
      'session.device_id',
      'session.guest_link_id',
      'guest_link.guest_name',
      'account.phone as account_phone',
      'account.demo as account_demo',
      'account.totp_confirmed_at',
      'patient.id as patient_id',
      'patient.name as patient_name',
      'practitioner.id as practitioner_id',
      'practitioner.name as practitioner_name',
      'role.role',
      'role.title_zh',
      'role.title_en',
      'department.code as department_code',
      'department.name_zh as department_zh',
      'department.name_en as department_en',
      'organization.id as organization_id',
      'organization.name_zh as organization_zh',
      'organization.name_en as organization_en',
      'location.id as location_id',
      'location.name_zh as location_zh',
      'location.name_en as location_en',
      'location.phone as location_phone',
      'device.name as device_name',
    ]);

export type SessionRow = Awaited<ReturnType<ReturnType<typeof selectLiveSessions>['executeTakeFirstOrThrow']>>;

const text = (zh: string | null, en: string | null) => ({ zh: zh ?? '', en: en ?? '' });

const roleOf = (row: SessionRow): Role =>
  row.kind === 'account' ? (row.role ?? 'resident') : row.kind === 'guest' ? 'guest' : 'terminal';

/** Residents who haven't named themselves yet go by their masked number. */
const nameOf = (row: SessionRow): string =>
  row.kind === 'device'
    ? (row.device_name ?? '')
    : (row.guest_name ?? row.practitioner_name ?? row.patient_name ?? maskPhone(row.account_phone));

export type SecondFactor = Session['secondFactor'];

/** @param demoDistrict staff of the demo district may go without a second factor */
export function secondFactorOf(row: SessionRow, demoDistrict: boolean): SecondFactor {
  if (row.practitioner_role_id === null) return 'not-needed';
  if (row.second_factor_at !== null) return 'verified';
  if (row.totp_confirmed_at === null && demoDistrict) return 'not-needed';
  return 'not-enrolled';
}

/** Who acts with this session. */
export const actorOf = (row: SessionRow, demoDistrict: boolean): Actor => ({
  sessionId: row.id,
  face: row.face,
  role: roleOf(row),
  name: nameOf(row),
  userId: row.account_id === null ? null : UserId.parse(row.account_id),
  patientId: row.patient_id === null ? null : PatientId.parse(row.patient_id),
  practitionerId: row.practitioner_id === null ? null : PractitionerId.parse(row.practitioner_id),
  practitionerRoleId: row.practitioner_role_id === null ? null : PractitionerRoleId.parse(row.practitioner_role_id),
  organizationId: row.organization_id === null ? null : OrganizationId.parse(row.organization_id),
  locationId: row.location_id === null ? null : LocationId.parse(row.location_id),
  deviceId: row.device_id === null ? null : DeviceId.parse(row.device_id),
  guestLinkId: row.guest_link_id === null ? null : GuestLinkId.parse(row.guest_link_id),
  secondFactorVerified: secondFactorOf(row, demoDistrict) !== 'not-enrolled',
});

/** The terminal of a device's own session; null for other sessions. */
export const deviceIdentityOf = (row: SessionRow): DeviceIdentity | null =>
  row.kind !== 'device' || row.device_id === null || row.location_id === null
    ? null
    : {
        deviceId: DeviceId.parse(row.device_id),
        name: row.device_name ?? '',
        locationId: LocationId.parse(row.location_id),
        locationName: text(row.location_zh, row.location_en),
      };

/** The session as every page sees it. */
export function sessionView(row: SessionRow, demoDistrict: boolean): Session {
  const actor = actorOf(row, demoDistrict);
  return {
    userId: actor.userId,
    role: actor.role,
    displayName: actor.name,
    patientId: actor.patientId,
    practitionerId: actor.practitionerId,
    practitionerRoleId: actor.practitionerRoleId,
    title: row.role === null ? null : text(row.title_zh, row.title_en),
    departmentCode: row.department_code === null ? null : DepartmentCode.parse(row.department_code),
    departmentName: row.department_code === null ? null : text(row.department_zh, row.department_en),
    organization:
      actor.organizationId === null
        ? null
        : { organizationId: actor.organizationId, name: text(row.organization_zh, row.organization_en) },
    location:
      actor.locationId === null
        ? null
        : {
            locationId: actor.locationId,
            name: text(row.location_zh, row.location_en),
            phone: row.location_phone ?? '',
          },
    device: actor.deviceId === null ? null : { deviceId: actor.deviceId, name: row.device_name ?? '' },
    secondFactor: secondFactorOf(row, demoDistrict),
    expiresAt: row.expires_at.toISOString(),
    demo: row.account_demo ?? demoDistrict,
  };
}
