import { DepartmentCode } from '@cloud-hospital/protocol';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import { registerWalkIn } from '../../signaling/src/operations/clinic/registerWalkIn.ts';
import { mine } from '../../signaling/src/operations/queue/mine.ts';
import { CareDistrict, randomIdentityNumber, type TestClinic, type TestSpecialist } from './careDistrict.ts';
import { CareFlow } from './careFlow.ts';

const MINUTE_MS = 60_000;

async function join(district: CareDistrict, specialist: TestSpecialist): Promise<void> {
  await mine(district.services, district.context(specialist.actor));
  await district.services.db
    .updateTable('availability')
    .set({ takes_pool: true, state: 'available' })
    .where('practitioner_role_id', '=', specialist.practitionerRoleId)
    .execute();
}

/** A district whose cardiologists share a pool. */
export class PoolDistrict {
  readonly district: CareDistrict;
  readonly clinic: TestClinic;
  /** One of those who take part in the pool. */
  readonly lead: TestSpecialist;

  private constructor(district: CareDistrict, clinic: TestClinic, lead: TestSpecialist) {
    this.district = district;
    this.clinic = clinic;
    this.lead = lead;
  }

  static async create(env: Readonly<Record<string, string>> = {}): Promise<PoolDistrict> {
    const district = await CareDistrict.create(env);
    const lead = await district.specialist();
    await join(district, lead);
    return new PoolDistrict(district, await district.clinic(), lead);
  }

  get db() {
    return this.district.services.db;
  }

  /** A specialist who takes part in the pool and is at work. */
  async member(): Promise<TestSpecialist> {
    const specialist = await this.district.specialist();
    await join(this.district, specialist);
    return specialist;
  }

  flow(specialist: TestSpecialist, clinic: TestClinic = this.clinic): CareFlow {
    return new CareFlow(this.district, clinic, specialist);
  }

  /** Somebody registered for whoever of the department is free, so many minutes ago. */
  async waiting(minutesAgo: number, options: { clinic?: TestClinic; ready?: boolean } = {}): Promise<Encounter> {
    const { services } = this.district;
    const clinic = options.clinic ?? this.clinic;
    const visit = await registerWalkIn(services, this.district.context(clinic.nurse), {
      name: '赵大爷',
      identityNumber: randomIdentityNumber(),
      departmentCode: DepartmentCode.parse('cardiology'),
      complaint: '头晕两天',
      urgent: false,
    });
    await this.shift(visit, -minutesAgo);
    if (options.ready !== false) await this.seat(visit, clinic);
    return visit;
  }

  /** Consents and sits down before a terminal of their own, so that nobody waits for a terminal. */
  async seat(visit: Encounter, clinic: TestClinic = this.clinic): Promise<void> {
    const deviceId = await this.district.terminal(clinic.locationId);
    const at = { ...clinic, nurse: { ...clinic.nurse, deviceId } };
    await this.flow(this.lead, at).ready(visit.encounterId, at);
  }

  async shift(visit: Encounter, checkedIn: number, scheduled?: number): Promise<void> {
    await this.db
      .updateTable('queue_entry')
      .set({
        checked_in_at: new Date(Date.now() + checkedIn * MINUTE_MS),
        ...(scheduled === undefined ? {} : { scheduled_start: new Date(Date.now() + scheduled * MINUTE_MS) }),
      })
      .where('encounter_id', '=', visit.encounterId)
      .execute();
  }

  entry(visit: { readonly encounterId: string }) {
    return this.db
      .selectFrom('queue_entry')
      .selectAll()
      .where('encounter_id', '=', visit.encounterId)
      .executeTakeFirstOrThrow();
  }

  encounter(visit: { readonly encounterId: string }) {
    return this.db.selectFrom('encounter').selectAll().where('id', '=', visit.encounterId).executeTakeFirstOrThrow();
  }

  async overtaken(visit: { readonly encounterId: string }): Promise<string[]> {
    const rows = await this.db
      .selectFrom('queue_overtaking')
      .innerJoin('queue_entry', 'queue_entry.id', 'queue_overtaking.queue_entry_id')
      .select('reason')
      .where('queue_entry.encounter_id', '=', visit.encounterId)
      .orderBy('queue_overtaking.id')
      .execute();
    return rows.map((row) => row.reason);
  }
}
