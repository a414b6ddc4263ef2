import type { PromiseBreachReason } from '@cloud-hospital/protocol/states';
import { localDate } from '../domain/localTime.ts';
import { nextPoolTicketNumber, nextTicketNumber } from '../operations/booking/nextTicketNumber.ts';
import { admit } from '../operations/clinic/admit.ts';
import { type AnyLockedQueue, lockPoolOf, lockQueueOf, moveAvailability } from '../operations/queue/lockQueue.ts';
import type { Unit } from '../store/command.ts';
import { CASE_STORIES } from './data/caseStories.ts';
import type { Random } from './random.ts';
import type { Directory } from './seedDirectory.ts';
import type { Resident } from './seedResidents.ts';
import type { SpecialistMember, Staff } from './seedStaff.ts';

const MINUTE_MS = 60_000;
/** Round the clock, of the hospital of the demonstration's coordinator; nobody demonstrates with them. */
const PRESENT = 5;
const LATE = 10;
const FIRST_RESIDENT = 140;
/** The specialist who is late should have begun so many minutes ago: the coordinator knows, everybody was told. */
const LATE_MINUTES = 14;

interface Cast {
  readonly directory: Directory;
  readonly staff: Staff;
  readonly residents: readonly Resident[];
}

interface Broken {
  /** Since when, in minutes before now. */
  readonly minutesAgo: number;
  readonly because: PromiseBreachReason;
}

/** Somebody who waits: since how many minutes, whether all is ready, and what became of what they were told. */
interface Waiter {
  readonly minutes: number;
  readonly ready?: false;
  readonly urgent?: true;
  readonly broken?: Broken;
}

const AT_THE_PRESENT: readonly Waiter[] = [
  { minutes: 38, broken: { minutesAgo: 3, because: 'longer-before' } },
  { minutes: 21 },
  { minutes: 6, ready: false },
];
const IN_THE_POOL: readonly Waiter[] = [{ minutes: 27 }, { minutes: 12 }];
const AT_THE_LATE: readonly Waiter[] = [
  { minutes: 24, broken: { minutesAgo: 4, because: 'specialist-late' } },
  { minutes: 17, broken: { minutesAgo: 4, because: 'specialist-late' } },
];

class Waiting {
  readonly #unit: Unit;
  readonly #random: Random;
  readonly #cast: Cast;
  #resident = FIRST_RESIDENT;

  constructor(unit: Unit, random: Random, cast: Cast) {
    this.#unit = unit;
    this.#random = random;
    this.#cast = cast;
  }

  #ago(minutes: number): Date {
    return new Date(this.#unit.now.getTime() - minutes * MINUTE_MS);
  }

  /** Registers the next resident at the clinic nearest to them. @param specialist null: in the pool */
  async add(
    queue: AnyLockedQueue,
    departmentCode: string,
    specialist: SpecialistMember | null,
    waiter: Waiter,
  ): Promise<void> {
    const { tx, now } = this.#unit;
    const { directory, residents, staff } = this.#cast;
    const resident = residents[this.#resident];
    this.#resident += 1;
    const clinic = directory.clinics[resident?.clinic ?? -1];
    const nurse = staff.nurses[resident?.clinic ?? -1];
    if (resident === undefined || clinic === undefined || nurse === undefined) throw new RangeError('no such resident');
    const day = localDate(now);
    const encounterId = await admit(this.#unit, queue, {
      appointmentId: null,
      patientId: resident.patientId,
      specialist,
      locationId: clinic.id,
      deviceId: clinic.deviceId,
      complaint: this.#random.pick(CASE_STORIES[departmentCode] ?? []).complaint,
      ticketNumber:
        specialist === null
          ? await nextPoolTicketNumber(tx, queue.id, day)
          : await nextTicketNumber(tx, specialist.practitionerRoleId, day, 'walk-in'),
      scheduledStart: null,
      urgent: waiter.urgent === true,
    });
    const since = this.#ago(waiter.minutes);
    const isReady = waiter.ready !== false;
    await tx
      .updateTable('encounter')
      .set({ checked_in_at: since, created_at: since, ready_at: isReady ? this.#ago(waiter.minutes - 4) : null })
      .where('id', '=', encounterId)
      .execute();
    const { id: entryId } = await tx
      .updateTable('queue_entry')
      .set({ checked_in_at: since })
      .where('encounter_id', '=', encounterId)
      .returning('id')
      .executeTakeFirstOrThrow();
    if (isReady) {
      await tx
        .insertInto('consent')
        .values({
          encounter_id: encounterId,
          patient_id: resident.patientId,
          purpose: 'consultation',
          status: 'active',
          method: 'signed-paper',
          recorded_by_account: nurse.accountId,
          recorded_by_name: nurse.name,
          recorded_at: this.#ago(waiter.minutes - 3),
        })
        .execute();
    }
    if (waiter.broken !== undefined) await this.#break(entryId, since, waiter.broken);
  }

  /** They were told a time that has passed. */
  async #break(entryId: string, since: Date, { minutesAgo, because }: Broken): Promise<void> {
    const { tx } = this.#unit;
    const brokenAt = this.#ago(minutesAgo);
    await tx
      .insertInto('promise')
      .values({
        queue_entry_id: entryId,
        kind: 'first',
        made_at: since,
        expected_from: new Date(brokenAt.getTime() - 12 * MINUTE_MS),
        expected_to: brokenAt,
        broken_at: brokenAt,
        broken_because: because,
      })
      .execute();
    await tx
      .updateTable('queue_entry')
      .set({ promise_breached_at: brokenAt, promise_breach_reason: because })
      .where('id', '=', entryId)
      .execute();
  }
}

/**
 * This moment: a specialist who works while three wait, two in the department's pool, and one who should have begun: so
 * that board and charts of a demonstration have something on them. They wait in earnest; at three in the morning the
 * day is closed for whoever was not seen.
 */
export async function seedWaiting(unit: Unit, random: Random, cast: Cast): Promise<void> {
  const [present, late] = [cast.staff.specialists[PRESENT], cast.staff.specialists[LATE]];
  if (present === undefined || late === undefined) throw new RangeError('too few specialists');
  const waiting = new Waiting(unit, random, cast);
  const own = await lockQueueOf(unit, present.practitionerRoleId);
  await moveAvailability(unit, own, 'available');
  for (const waiter of AT_THE_PRESENT) await waiting.add(own, present.departmentCode, present, waiter);
  const missed = await lockQueueOf(unit, late.practitionerRoleId);
  for (const waiter of AT_THE_LATE) await waiting.add(missed, late.departmentCode, late, waiter);
  const pool = await lockPoolOf(unit, present.departmentCode);
  for (const waiter of IN_THE_POOL) await waiting.add(pool, present.departmentCode, null, waiter);
  const ago = (minutes: number): Date => new Date(unit.now.getTime() - minutes * MINUTE_MS);
  await unit.tx
    .insertInto('late_start')
    .values({
      practitioner_role_id: late.practitionerRoleId,
      session_start: ago(LATE_MINUTES),
      alerted_at: ago(LATE_MINUTES - 5),
      told_at: ago(LATE_MINUTES - 10),
      resolved_at: null,
    })
    .execute();
}
