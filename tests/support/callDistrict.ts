import { DeviceId, EncounterId } from '@cloud-hospital/protocol';
import { randomUUID } from 'node:crypto';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import type { Services } from '../../signaling/src/Services.ts';
import { insertPatient } from './insertPatient.ts';

/** A signed-in browser's cookie, and who is behind it. */
export interface SignedIn {
  readonly cookie: string;
  readonly sessionId: string;
  readonly face: 'terminal' | 'console' | 'resident' | 'guest';
}
export interface Clinic {
  readonly locationId: string;
  readonly deviceId: DeviceId;
  /** The nurse at the enrolled terminal: cookies of both. */
  readonly terminal: SignedIn;
  readonly nurseRoleId: string;
}
export interface Specialist extends SignedIn {
  readonly practitionerRoleId: string;
  readonly queueId: string;
}

/** The few rows a call needs, written straight into the tables: two clinics, specialists, visits in any state. */
export class CallDistrict {
  readonly #services: Services;
  #organizationId = '';
  #serial = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  async clinic(): Promise<Clinic> {
    const { db } = this.#services;
    const organizationId = await this.#organization();
    const location = await db
      .insertInto('location')
      .values({ organization_id: organizationId, name_zh: '社区诊所', name_en: 'Clinic' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const device = await db
      .insertInto('device')
      .values({
        location_id: location.id,
        name: 'T-1',
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
    const { roleId, accountId } = await this.#practitioner('nurse', { location_id: location.id });
    const own = await this.#services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
      const { sessions } = this.#services;
      const terminal = await sessions.createForDevice(unit, device.id);
      const staff = await sessions.createForAccount(unit, {
        face: 'terminal',
        accountId,
        practitionerRoleId: roleId,
        secondFactor: true,
        deviceId: device.id,
      });
      return { cookie: cookieOf(terminal.setCookie, staff.setCookie), sessionId: staff.sessionId };
    });
    return {
      locationId: location.id,
      deviceId: DeviceId.parse(device.id),
      terminal: { ...own, face: 'terminal' },
      nurseRoleId: roleId,
    };
  }

  /** Another nurse of the same clinic signs in at the same terminal. */
  async signInAt(clinic: Clinic): Promise<SignedIn> {
    const { roleId, accountId } = await this.#practitioner('nurse', { location_id: clinic.locationId });
    const { commands, sessions } = this.#services;
    const { setCookie, sessionId } = await commands.run({ agent: SYSTEM, requestId: randomUUID() }, (unit) =>
      sessions.createForAccount(unit, {
        face: 'terminal',
        accountId,
        practitionerRoleId: roleId,
        secondFactor: true,
        deviceId: clinic.deviceId,
      }),
    );
    const device = clinic.terminal.cookie.split('; ').find((cookie) => cookie.startsWith('ch_device=')) ?? '';
    return { cookie: `${device}; ${cookieOf(setCookie)}`, sessionId, face: 'terminal' };
  }

  async specialist(): Promise<Specialist> {
    const { db, commands, sessions } = this.#services;
    const organizationId = await this.#organization();
    await db
      .insertInto('department')
      .values({ code: 'cardiology', name_zh: '心内科', name_en: 'Cardiology', symptoms: '[]' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { roleId, accountId } = await this.#practitioner('specialist', {
      organization_id: organizationId,
      department_code: 'cardiology',
    });
    const queue = await db
      .insertInto('queue')
      .values({ kind: 'specialist', practitioner_role_id: roleId, department_code: 'cardiology' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('availability')
      .values({ practitioner_role_id: roleId, state: 'available', break_until: null })
      .execute();
    const own = await commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
      const { setCookie, sessionId } = await sessions.createForAccount(unit, {
        face: 'console',
        accountId,
        practitionerRoleId: roleId,
        secondFactor: true,
        deviceId: null,
      });
      return { cookie: cookieOf(setCookie), sessionId };
    });
    return { ...own, face: 'console', practitionerRoleId: roleId, queueId: queue.id };
  }

  /** A checked-in, ready resident at that clinic's terminal, waiting for or called by that specialist. */
  async visit(clinic: Clinic, specialist: Specialist, state: 'waiting' | 'called' = 'called'): Promise<EncounterId> {
    const { db } = this.#services;
    this.#serial += 1;
    const patientId = await insertPatient(this.#services, { name: '王某' });
    const practitioner = await db
      .selectFrom('practitioner_role')
      .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
      .select(['practitioner_id', 'account_id'])
      .where('practitioner_role.id', '=', specialist.practitionerRoleId)
      .executeTakeFirstOrThrow();
    const now = new Date();
    const encounter = await db
      .insertInto('encounter')
      .values({
        appointment_id: null,
        patient_id: patientId,
        practitioner_id: practitioner.practitioner_id,
        practitioner_role_id: specialist.practitionerRoleId,
        location_id: clinic.locationId,
        device_id: clinic.deviceId,
        status: 'arrived',
        outcome: null,
        ticket_number: `A${this.#serial}`,
        scheduled_start: null,
        checked_in_at: now,
        ready_at: now,
        started_at: null,
        ended_at: null,
        onleave_at: null,
        printed_at: null,
        reason: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('queue_entry')
      .values({
        queue_id: specialist.queueId,
        encounter_id: encounter.id,
        patient_id: patientId,
        location_id: clinic.locationId,
        device_id: clinic.deviceId,
        state: 'waiting',
        scheduled_start: null,
        checked_in_at: now,
        returned_at: null,
        called_at: null,
        called_by: null,
        lease_token: null,
        lease_expires_at: null,
        answered_at: null,
        ended_at: null,
        last_reason: null,
      })
      .execute();
    await db
      .insertInto('consent')
      .values({
        encounter_id: encounter.id,
        patient_id: patientId,
        purpose: 'consultation',
        status: 'active',
        method: 'paper',
        recorded_by_account: practitioner.account_id,
        recorded_by_name: '护士',
        ended_at: null,
      })
      .execute();
    await db
      .insertInto('room')
      .values({ encounter_id: encounter.id, node_id: null, node_incarnation: null, closed_at: null })
      .execute();
    const encounterId = EncounterId.parse(encounter.id);
    if (state === 'called') await this.call(encounterId, specialist);
    return encounterId;
  }

  /** What "call next" does to the entry, without its checks. */
  async call(encounterId: EncounterId, specialist: Specialist): Promise<void> {
    await this.#services.db
      .updateTable('queue_entry')
      .set({
        state: 'called',
        called_at: new Date(),
        called_by: specialist.practitionerRoleId,
        lease_token: randomUUID(),
        lease_expires_at: new Date(Date.now() + 45_000),
      })
      .where('encounter_id', '=', encounterId)
      .where('state', '=', 'waiting')
      .execute();
  }

  async #organization(): Promise<string> {
    if (this.#organizationId !== '') return this.#organizationId;
    const { id } = await this.#services.db
      .insertInto('organization')
      .values({ kind: 'hospital', part_of: null, name_zh: '市一医院', name_en: 'First Hospital' })
      .returning('id')
      .executeTakeFirstOrThrow();
    this.#organizationId = id;
    return id;
  }

  async #practitioner(
    role: 'nurse' | 'specialist',
    place: { location_id?: string; organization_id?: string; department_code?: string },
  ): Promise<{ roleId: string; accountId: string }> {
    const { db } = this.#services;
    this.#serial += 1;
    const account = await db
      .insertInto('account')
      .values({
        username: `${role}-${this.#serial}-${randomUUID()}`,
        demo: true,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const practitioner = await db
      .insertInto('practitioner')
      .values({ account_id: account.id, name: '李医生', name_en: 'Dr Li', gender: 'female' })
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
    return { roleId: id, accountId: account.id };
  }
}

const cookieOf = (...setCookies: string[]): string => setCookies.map((header) => header.split(';')[0]).join('; ');
