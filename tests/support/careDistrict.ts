import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  DepartmentCode,
  DeviceId,
  identityCheckDigit,
  LocationId,
  OrganizationId,
  PatientId,
  PractitionerId,
  PractitionerRoleId,
  SlotId,
  UserId,
} from '@cloud-hospital/protocol';
import type { Role } from '@cloud-hospital/protocol';
import { pino } from 'pino';
import { inject } from 'vitest';
import { createSessions } from '../../signaling/src/auth/createSessions.ts';
import { IdentityCipher } from '../../signaling/src/auth/IdentityCipher.ts';
import { LocalSigner } from '../../signaling/src/auth/LocalSigner.ts';
import { hashPassword } from '../../signaling/src/auth/passwords.ts';
import { createChannels } from '../../signaling/src/channels/createChannels.ts';
import { readConfig } from '../../signaling/src/config.ts';
import { type Actor, SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { maskIdentityNumber } from '../../signaling/src/domain/masking.ts';
import { createMetrics } from '../../signaling/src/metrics.ts';
import type { Services } from '../../signaling/src/Services.ts';
import { sharePlaces } from '../../signaling/src/store/sharedPlaces.ts';
import { createCommandRunner, type Unit } from '../../signaling/src/store/command.ts';
import { openDatabase } from '../../signaling/src/store/database.ts';
import { openFiles, openRecordings } from '../../signaling/src/openFiles.ts';
import { laterToday, waitForDay } from './restOfDay.ts';
import { createTestDatabase } from './testDatabase.ts';

export const PASSWORD = 'correct horse battery staple';
export const PUBLIC_ORIGIN = 'https://clinic.example';
const MINUTE_MS = 60_000;
/** From a slot that is made to the check-in, within one test; milliseconds. */
const CHECK_IN_MS = 20_000;

/** A request as its operation sees it. */
export interface TestContext {
  readonly agent: Actor;
  readonly requestId: string;
  readonly idempotencyKey?: string;
  readonly publicOrigin: string;
}

export interface TestClinic {
  readonly locationId: LocationId;
  readonly deviceId: DeviceId;
  readonly nurse: Actor;
  readonly doctor: Actor;
}
export interface TestSpecialist {
  readonly actor: Actor;
  readonly practitionerRoleId: PractitionerRoleId;
  readonly practitionerId: PractitionerId;
}
export interface TestResident {
  readonly actor: Actor;
  readonly patientId: PatientId;
  readonly name: string;
  readonly identityNumber: string;
  readonly phone: string;
}

/** A valid number of somebody born between 1930 and 1989. */
export function randomIdentityNumber(): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const birth = `${randomInt(1930, 1990)}${two(randomInt(1, 13))}${two(randomInt(1, 29))}`;
  const first17 = `110105${birth}${String(randomInt(0, 1000)).padStart(3, '0')}`;
  return first17 + identityCheckDigit(first17);
}

/** The operations' services on a database of their own, and people and places to act with. No HTTP, no sockets. */
export class CareDistrict {
  readonly services: Services;
  readonly #close: () => Promise<void>;
  #hospitalId = OrganizationId.parse(randomUUID());
  #serial = 0;
  #departments = 0;
  /** One hash for all: argon2id is slow on purpose. */
  readonly #passwordHash = hashPassword(PASSWORD);

  private constructor(services: Services, close: () => Promise<void>) {
    this.services = services;
    this.#close = close;
  }

  /** @param env more variables, e.g. `{ HOLD_SECONDS: '1' }` */
  static async create(env: Readonly<Record<string, string>> = {}): Promise<CareDistrict> {
    const servers = inject('servers');
    const database = await createTestDatabase();
    const directory = await mkdtemp(path.join(servers.directory, 'care-'));
    const config = readConfig({
      DATABASE_URL: database.url,
      REDIS_URL: 'redis://nobody',
      DATA_DIR: directory,
      SECRETS_FILE: servers.secretsFile,
      ...env,
    });
    const log = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
    const db = openDatabase({ url: config.DATABASE_URL, poolSize: 20, statementTimeoutMs: 20_000 }, (error) =>
      log.warn({ err: error }, 'database connection lost'),
    );
    const services: Services = {
      config,
      log,
      db,
      places: sharePlaces(db),
      commands: createCommandRunner(db, { onEvents: () => undefined, onJobs: () => undefined }),
      sessions: createSessions({ db, config }),
      identityCipher: new IdentityCipher(config.secrets.identityKey),
      reportSigner: new LocalSigner(config.secrets.reportSigningKey),
      files: openFiles(config),
      recordings: openRecordings(config),
      metrics: createMetrics(),
      channels: await createChannels(config, log),
    };
    const district = new CareDistrict(services, async () => {
      await db.destroy();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    });
    await district.#directory();
    return district;
  }

  close(): Promise<void> {
    return this.#close();
  }

  context(agent: Actor, idempotencyKey?: string): TestContext {
    return {
      agent,
      requestId: randomUUID(),
      publicOrigin: PUBLIC_ORIGIN,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    };
  }

  /** Runs something as a job would. */
  asSystem<T>(operation: (unit: Unit) => Promise<T>): Promise<T> {
    return this.services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, operation);
  }

  async #directory(): Promise<void> {
    const { db } = this.services;
    await db
      .insertInto('organization')
      .values({ id: this.#hospitalId, kind: 'hospital', part_of: null, name_zh: '市一医院', name_en: 'First Hospital' })
      .execute();
    await db
      .insertInto('department')
      .values({ code: 'cardiology', name_zh: '心内科', name_en: 'Cardiology', symptoms: '[]' })
      .execute();
  }

  async clinic(): Promise<TestClinic> {
    const { db } = this.services;
    this.#serial += 1;
    const { id } = await db
      .insertInto('location')
      .values({
        organization_id: this.#hospitalId,
        name_zh: `第${this.#serial}社区诊所`,
        name_en: `Clinic ${this.#serial}`,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const locationId = LocationId.parse(id);
    const deviceId = await this.terminal(locationId);
    const nurse = await this.#staff('nurse', locationId, deviceId);
    const doctor = await this.#staff('clinic-doctor', locationId, deviceId);
    return { locationId, deviceId, nurse, doctor };
  }

  async terminal(locationId: LocationId): Promise<DeviceId> {
    this.#serial += 1;
    const { id } = await this.services.db
      .insertInto('device')
      .values({
        location_id: locationId,
        name: `T-${this.#serial}`,
        status: 'ready',
        public_key: null,
        enrolment_code_hash: null,
        enrolment_expires_at: null,
        self_test: null,
        auto_answer_seconds: null,
        last_seen_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return DeviceId.parse(id);
  }

  async #account(name: string, phone: string | null): Promise<UserId> {
    this.#serial += 1;
    const { id } = await this.services.db
      .insertInto('account')
      .values({
        username: phone === null ? `${name}-${this.#serial}` : null,
        phone,
        password_hash: await this.#passwordHash,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return UserId.parse(id);
  }

  async #practitioner(
    role: Role,
    name: string,
    place: { location_id?: string; organization_id?: string; department_code?: string },
  ): Promise<{ userId: UserId; practitionerId: PractitionerId; roleId: PractitionerRoleId }> {
    const { db } = this.services;
    const userId = await this.#account(role, null);
    const practitioner = await db
      .insertInto('practitioner')
      .values({ account_id: userId, name, name_en: 'Dr Li', gender: 'female' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id } = await db
      .insertInto('practitioner_role')
      .values({
        practitioner_id: practitioner.id,
        role,
        organization_id: place.organization_id ?? null,
        location_id: place.location_id ?? null,
        department_code: place.department_code ?? null,
        title_zh: '主任医师',
        title_en: 'Chief physician',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return {
      userId,
      practitionerId: PractitionerId.parse(practitioner.id),
      roleId: PractitionerRoleId.parse(id),
    };
  }

  async #staff(role: 'nurse' | 'clinic-doctor', locationId: LocationId, deviceId: DeviceId): Promise<Actor> {
    const name = role === 'nurse' ? '刘护士' : '张医生';
    const { userId, practitionerId, roleId } = await this.#practitioner(role, name, { location_id: locationId });
    return {
      sessionId: randomUUID(),
      face: 'terminal',
      role,
      name,
      userId,
      patientId: null,
      practitionerId,
      practitionerRoleId: roleId,
      organizationId: null,
      locationId,
      deviceId,
      guestLinkId: null,
      secondFactorVerified: true,
    };
  }

  /** A department of its own, whose pool and substitutes are nobody else's. */
  async department(): Promise<DepartmentCode> {
    this.#departments += 1;
    const { code } = await this.services.db
      .insertInto('department')
      .values({
        // Codes are letters and hyphens.
        code: `department-${'x'.repeat(this.#departments % 25)}-${'y'.repeat(Math.floor(this.#departments / 25))}`,
        name_zh: `第${this.#departments}科`,
        name_en: `Department ${this.#departments}`,
        symptoms: '[]',
      })
      .returning('code')
      .executeTakeFirstOrThrow();
    return DepartmentCode.parse(code);
  }

  async specialist(departmentCode = DepartmentCode.parse('cardiology')): Promise<TestSpecialist> {
    const { userId, practitionerId, roleId } = await this.#practitioner('specialist', '李医生', {
      organization_id: this.#hospitalId,
      department_code: departmentCode,
    });
    return {
      practitionerRoleId: roleId,
      practitionerId,
      actor: {
        sessionId: randomUUID(),
        face: 'console',
        role: 'specialist',
        name: '李医生',
        userId,
        patientId: null,
        practitionerId,
        practitionerRoleId: roleId,
        organizationId: this.#hospitalId,
        locationId: null,
        deviceId: null,
        guestLinkId: null,
        secondFactorVerified: true,
      },
    };
  }

  async resident(options: { verified?: boolean } = {}): Promise<TestResident> {
    const { db, identityCipher } = this.services;
    const name = '王秀英';
    const identityNumber = randomIdentityNumber();
    const phone = `138${String(randomInt(0, 100_000_000)).padStart(8, '0')}`;
    const userId = await this.#account('resident', phone);
    const { id } = await db
      .insertInto('patient')
      .values({
        account_id: userId,
        name,
        identity_hash: identityCipher.hash(identityNumber),
        identity_encrypted: identityCipher.encrypt(identityNumber),
        identity_masked: maskIdentityNumber(identityNumber),
        birth_date: `${identityNumber.slice(6, 10)}-${identityNumber.slice(10, 12)}-${identityNumber.slice(12, 14)}`,
        gender: 'female',
        phone,
        identity_verified_at: options.verified === true ? new Date() : null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const patientId = PatientId.parse(id);
    return {
      patientId,
      name,
      identityNumber,
      phone,
      actor: {
        sessionId: randomUUID(),
        face: 'resident',
        role: 'resident',
        name,
        userId,
        patientId,
        practitionerId: null,
        practitionerRoleId: null,
        organizationId: null,
        locationId: null,
        deviceId: null,
        guestLinkId: null,
        secondFactorVerified: false,
      },
    };
  }

  /** A free slot that begins so many minutes from now (negative: ago). */
  async slot(specialist: TestSpecialist, inMinutes: number, minutes = 15): Promise<SlotId> {
    const start = new Date(Date.now() + inMinutes * MINUTE_MS);
    return this.#slotAt(specialist, { start, end: new Date(start.getTime() + minutes * MINUTE_MS) });
  }

  /** One for which people can be checked in, whatever time it is. @param inMinutes at most 120 */
  async slotToday(specialist: TestSpecialist, inMinutes: number, minutes?: number): Promise<SlotId> {
    await waitForDay(CHECK_IN_MS);
    return this.#slotAt(specialist, laterToday(inMinutes, minutes));
  }

  async #slotAt(
    specialist: TestSpecialist,
    { start, end }: { readonly start: Date; readonly end: Date },
  ): Promise<SlotId> {
    const { id } = await this.services.db
      .insertInto('slot')
      .values({
        schedule_id: null,
        practitioner_id: specialist.practitionerId,
        practitioner_role_id: specialist.practitionerRoleId,
        period: `[${start.toISOString()},${end.toISOString()})`,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return SlotId.parse(id);
  }
}
