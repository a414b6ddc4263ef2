import { AppError, AppointmentId, EncounterId, QueueEntryId, type SlotId } from '@cloud-hospital/protocol';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { expireHold } from '../../signaling/src/operations/booking/expireHold.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { reschedule } from '../../signaling/src/operations/booking/reschedule.ts';
import { markNoShow } from '../../signaling/src/operations/booking/markNoShow.ts';
import { checkIn } from '../../signaling/src/operations/clinic/checkIn.ts';
import { markLeft } from '../../signaling/src/operations/clinic/markLeft.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { interruptEncounter } from '../../signaling/src/operations/encounter/interruptEncounter.ts';
import { parkEncounter } from '../../signaling/src/operations/encounter/parkEncounter.ts';
import { callEntry } from '../../signaling/src/operations/queue/callEntry.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { cancelCall } from '../../signaling/src/operations/queue/cancelCall.ts';
import { returnUnanswered } from '../../signaling/src/operations/queue/endCall.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { skip } from '../../signaling/src/operations/queue/skip.ts';
import { CareDistrict, type TestClinic, type TestResident, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow } from '../support/careFlow.ts';
import { impossibleChanges, readStates, violations } from '../support/careInvariants.ts';

/** How many random days; each is a district of its own inside one database. */
const RUNS = Number(process.env['CARE_RUNS'] ?? 5);

/** A command names things by number; which one that is depends on what exists when it runs. */
const pick = fc.noBias(fc.nat(999));
const COMMANDS = [
  'hold',
  'hold',
  'confirm',
  'confirm',
  'cancel',
  'reschedule',
  'reschedule',
  'expire-hold',
  'no-show',
  'check-in',
  'check-in',
  'walk-in',
  'walk-in',
  'ready',
  'ready',
  'call-next',
  'call-next',
  'call-entry',
  'cancel-call',
  'skip',
  'ring-timeout',
  'answer',
  'begin',
  'begin',
  'park',
  'interrupt',
  'finish',
  'finish',
  'break',
  'leave',
] as const;
const command = fc.record({ kind: fc.constantFrom(...COMMANDS), a: pick, b: pick, c: pick });
type Command = { kind: (typeof COMMANDS)[number]; a: number; b: number; c: number };
/** Commands in brackets are sent at the same moment. */
const day = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.tuple(command) }, fc.array(command, { minLength: 2, maxLength: 5 })),
  {
    minLength: 40,
    size: 'max',
    maxLength: 60,
  },
);

/** The usual day, always tried: otherwise a run of bad luck might prove nothing. */
const USUAL_DAY: Command[][] = (
  [
    'hold',
    'cancel',
    'hold',
    'confirm',
    'reschedule',
    'check-in',
    'ready',
    'call-next',
    'begin',
    'park',
    'call-next',
    'begin',
    'finish',
  ] as const
).map((kind) => [{ kind, a: 0, b: 0, c: 1 }]);

let district: CareDistrict;
/** How often a command was sent again after its answer. */
let repeated = 0;

beforeAll(async () => {
  district = await CareDistrict.create({
    MAX_ACTIVE_BOOKINGS: '4',
    MAX_BOOKINGS_PER_DAY: '4',
    MAX_BOOKINGS_PER_SPECIALIST: '4',
    CHANGE_CUTOFF_SECONDS: '1',
  });
});
afterAll(() => district.close());

interface World {
  readonly clinics: readonly TestClinic[];
  readonly specialists: readonly TestSpecialist[];
  readonly residents: readonly TestResident[];
  readonly slots: readonly SlotId[];
}

async function createWorld(): Promise<World> {
  const [clinics, specialists, residents] = await Promise.all([
    Promise.all([district.clinic(), district.clinic()]),
    Promise.all([district.specialist(), district.specialist()]),
    Promise.all(Array.from({ length: 4 }, () => district.resident())),
  ]);
  // Both have slots at the same times, so that a patient can want to be in two places.
  const slots = await Promise.all(
    specialists.flatMap((specialist) => [1, 16, 31].map((minutes) => district.slot(specialist, minutes))),
  );
  return { clinics, specialists, residents, slots };
}

function at<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}
function must<T>(list: readonly T[], index: number): T {
  const found = at(list, index);
  if (found === undefined) throw new Error('the world is empty');
  return found;
}

/** In which states of its object a command can do something; it is mostly, but not always, sent to such a one. */
const FITTING: { readonly [Kind in Command['kind']]?: readonly string[] } = {
  confirm: ['pending'],
  'expire-hold': ['pending'],
  cancel: ['pending', 'booked', 'checked-in'],
  reschedule: ['booked', 'checked-in'],
  'check-in': ['booked'],
  'no-show': ['booked'],
  leave: ['waiting'],
  ready: ['waiting', 'parked'],
  'call-entry': ['waiting', 'parked'],
  skip: ['waiting', 'called'],
  'cancel-call': ['called'],
  'ring-timeout': ['called'],
  answer: ['called'],
  begin: ['called', 'serving'],
  park: ['serving'],
  interrupt: ['parked'],
  finish: ['serving', 'parked'],
};

function choose<T extends { state: string }>(list: readonly T[], { kind, b, c }: Command): T | undefined {
  const fitting = list.filter((one) => FITTING[kind]?.includes(one.state));
  return at(fitting.length === 0 || c % 5 === 0 ? list : fitting, b);
}

/**
 * Decides what a command does, to whom and by whom; undefined where there is nothing to send it to. Called twice, it is
 * the same request with the same key, as a client repeats one whose answer it never got.
 */
async function plan(world: World, sent: Command, key: string): Promise<(() => Promise<unknown>) | undefined> {
  const { kind, a, b, c } = sent;
  const { services } = district;
  const { db } = services;
  const appointments = await db
    .selectFrom('appointment')
    .select(['id', 'version', 'status as state', 'patient_id', 'location_id'])
    .where(
      'patient_id',
      'in',
      world.residents.map((resident) => resident.patientId),
    )
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const appointment = choose(appointments, sent);
  const entries = await db
    .selectFrom('queue_entry')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .select([
      'queue_entry.id',
      'queue_entry.version',
      sql<string>`CASE WHEN encounter.status = 'onleave' AND queue_entry.state = 'waiting' THEN 'parked'
        ELSE queue_entry.state END`.as('state'),
      'queue_entry.encounter_id',
      'queue_entry.lease_token',
      'queue_entry.location_id',
      'encounter.version as encounter_version',
      'encounter.practitioner_role_id',
    ])
    .where(
      'encounter.practitioner_role_id',
      'in',
      world.specialists.map((one) => one.practitionerRoleId),
    )
    .orderBy('queue_entry.checked_in_at')
    .orderBy('queue_entry.id')
    .execute();
  const entry = choose(entries, sent);
  // Mostly the one whose patient it is.
  const specialist =
    world.specialists.find((one) => one.practitionerRoleId === entry?.practitioner_role_id && c % 10 !== 0) ??
    must(world.specialists, a);
  const asSpecialist = district.context(specialist.actor, key);
  const clinicOf = (locationId: string | null): TestClinic =>
    world.clinics.find((clinic) => clinic.locationId === locationId) ?? must(world.clinics, c);
  const flowAt = (clinic: TestClinic): CareFlow => new CareFlow(district, clinic, specialist);

  switch (kind) {
    case 'hold': {
      const resident = must(world.residents, b);
      const wanted = { slotId: must(world.slots, c), patientId: resident.patientId };
      return () => hold(services, district.context(resident.actor, key), wanted);
    }
    case 'walk-in':
      return () => flowAt(must(world.clinics, b)).walkIn({ clinic: must(world.clinics, b), urgent: c % 7 === 0 });
    case 'call-next':
      return () => callNext(services, asSpecialist);
    case 'break':
      return () => setAvailability(services, asSpecialist, { state: must(['available', 'break', 'off'] as const, b) });
    case 'confirm':
    case 'cancel':
    case 'reschedule':
    case 'expire-hold':
    case 'no-show':
    case 'check-in': {
      if (appointment === undefined) return undefined;
      const appointmentId = AppointmentId.parse(appointment.id);
      const resident = must(
        world.residents.filter((one) => one.patientId === appointment.patient_id),
        0,
      );
      const context = district.context(resident.actor, key);
      const { version } = appointment;
      if (kind === 'confirm') {
        const { locationId } = must(world.clinics, c);
        return () => confirm(services, context, { appointmentId, version, locationId, complaint: '头晕' });
      }
      if (kind === 'cancel')
        return () => cancel(services, context, { appointmentId, version, reason: 'patient-request' });
      if (kind === 'reschedule') {
        return () => reschedule(services, context, { appointmentId, version, slotId: must(world.slots, a) });
      }
      if (kind === 'check-in') {
        return () =>
          checkIn(services, district.context(clinicOf(appointment.location_id).nurse, key), {
            by: 'name',
            appointmentId,
            identityVerified: true,
          });
      }
      if (kind === 'no-show') return () => district.asSystem((unit) => markNoShow(unit, appointmentId));
      // As if five minutes had passed.
      await db
        .updateTable('appointment')
        .set({ hold_expires_at: new Date(Date.now() - 1) })
        .where('id', '=', appointmentId)
        .where('status', '=', 'pending')
        .execute();
      return () => district.asSystem((unit) => expireHold(unit, appointmentId));
    }
    default: {
      if (entry === undefined) return undefined;
      const encounterId = EncounterId.parse(entry.encounter_id);
      const queueEntryId = QueueEntryId.parse(entry.id);
      const clinic = clinicOf(entry.location_id);
      switch (kind) {
        case 'ready':
          return () => flowAt(clinic).ready(encounterId);
        case 'leave':
          return () => markLeft(services, district.context(clinic.nurse, key), { encounterId });
        case 'call-entry':
          return () => callEntry(services, asSpecialist, { queueEntryId, reason: 'other' });
        case 'cancel-call':
          return () => cancelCall(services, asSpecialist, { queueEntryId });
        case 'skip':
          return () => skip(services, asSpecialist, { queueEntryId, version: entry.version });
        case 'ring-timeout':
          return () =>
            district.asSystem((unit) => returnUnanswered(unit, entry.id, entry.lease_token ?? '', 'no-answer'));
        case 'answer':
          return () => flowAt(clinic).answer(encounterId);
        case 'begin':
          return async () => {
            await flowAt(clinic).begin(encounterId);
            return true;
          };
        case 'park':
          return () => district.asSystem((unit) => parkEncounter(unit, encounterId, services.config));
        case 'interrupt':
          return () => district.asSystem((unit) => interruptEncounter(unit, encounterId));
        case 'finish':
          return () =>
            finish(services, asSpecialist, {
              encounterId,
              version: entry.encounter_version,
              outcome: 'completed',
            });
      }
    }
  }
}

/** Those whose answer is kept under their key. */
const REPEATED: ReadonlySet<Command['kind']> = new Set([
  'hold',
  'confirm',
  'cancel',
  'reschedule',
  'check-in',
  'call-next',
  'call-entry',
  'skip',
  'finish',
]);

const Traces = z.object({ traces: z.array(z.number()) });

/** How much was ever written down: a command that took effect twice would have left more. */
async function traces(): Promise<number[]> {
  const { rows } = await sql`SELECT ARRAY[(SELECT count(*) FROM audit_event), (SELECT count(*) FROM outbox),
    (SELECT count(*) FROM job), (SELECT count(*) FROM queue_overtaking)]::int[] AS traces`.execute(
    district.services.db,
  );
  return Traces.parse(rows[0]).traces;
}

/** As it travels. */
const onTheWire = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer ?? null));

/**
 * Sends a command. Some are sent twice at the same moment, and some again after the answer, under the same key: two
 * answers are one, and the second leaves nothing behind.
 * @param alone whether nobody else does anything meanwhile
 */
async function send(world: World, sent: Command, alone: boolean): Promise<unknown> {
  const request = await plan(world, sent, randomUUID());
  if (request === undefined || !REPEATED.has(sent.kind)) return request?.();
  if (sent.c % 4 === 1) {
    const [one, two] = await Promise.allSettled([request(), request()]);
    if (one.status === 'fulfilled' && two.status === 'fulfilled') {
      expect(onTheWire(two.value)).toEqual(onTheWire(one.value));
    }
    // The first may be refused and the second not; a constraint that shows through is a bug.
    for (const twin of [one, two]) {
      if (twin.status === 'rejected' && !(twin.reason instanceof AppError)) throw twin.reason;
    }
    if (one.status === 'fulfilled') return one.value;
    if (two.status === 'fulfilled') return two.value;
    throw one.reason;
  }
  const answer = await request();
  if (alone && sent.c % 4 === 2) {
    const before = await Promise.all([traces(), readStates(district.services.db)]);
    expect(onTheWire(await request())).toEqual(onTheWire(answer));
    expect(await Promise.all([traces(), readStates(district.services.db)])).toEqual(before);
    repeated += 1;
  }
  return answer;
}

/** Who waits, in calling order, in the queues of this world. */
async function waitingOrder(world: World): Promise<Map<string, string[]>> {
  const orders = await Promise.all(
    world.specialists.map(async ({ practitionerRoleId }): Promise<[string, string[]]> => {
      const { rows } = await sql<{ queue_entry_id: string }>`
        SELECT queue_entry_id FROM queue, queue_order(ARRAY[queue.id], now())
        WHERE practitioner_role_id = ${practitionerRoleId} ORDER BY place`.execute(district.services.db);
      return [practitionerRoleId, rows.map((row) => row.queue_entry_id)];
    }),
  );
  return new Map(orders);
}

/** Who stood before the called one and was not recorded as overtaken. */
async function silentlyOvertaken(before: Map<string, string[]>, calledEntryId: string): Promise<string[]> {
  const order = [...before.values()].find((ids) => ids.includes(calledEntryId)) ?? [];
  const ahead = order.slice(0, order.indexOf(calledEntryId));
  const rows = await district.services.db
    .selectFrom('queue_overtaking')
    .select(['queue_entry_id', 'reason'])
    .where('overtaken_by', '=', calledEntryId)
    .execute();
  const recorded = new Set(rows.filter((row) => row.reason !== 'unknown').map((row) => row.queue_entry_id));
  return ahead.filter((id) => !recorded.has(id));
}

test('whatever people and machines do in whatever order, the invariants hold after every step', async () => {
  const refused = new Map<string, number>();
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const world = await createWorld();
      let states = await readStates(district.services.db);
      for (const step of steps) {
        const before = await waitingOrder(world);
        const results = await Promise.allSettled(step.map((one) => send(world, one, step.length === 1)));
        for (const [index, result] of results.entries()) {
          if (result.status === 'fulfilled') {
            const kind = step[index]?.kind ?? '';
            // Undefined and false: there was nothing to do.
            if (result.value) done.set(kind, (done.get(kind) ?? 0) + 1);
          } else {
            // Refusals are coded; a constraint or a deadlock that shows through is a bug.
            if (!(result.reason instanceof AppError) || result.reason.code === 'INTERNAL') throw result.reason;
            refused.set(result.reason.code, (refused.get(result.reason.code) ?? 0) + 1);
          }
        }
        expect(await violations(district.services.db)).toEqual([]);
        const after = await readStates(district.services.db);
        expect(impossibleChanges(states, after)).toEqual([]);
        states = after;
        const [only, ...others] = results;
        const kind = step[0]?.kind;
        if (others.length === 0 && only?.status === 'fulfilled' && (kind === 'call-next' || kind === 'call-entry')) {
          const called: unknown = only.value;
          if (typeof called === 'object' && called !== null && 'queueEntryId' in called) {
            expect(await silentlyOvertaken(before, String(called.queueEntryId))).toEqual([]);
          }
        }
      }
    }),
    { numRuns: RUNS, endOnFailure: true, examples: [[USUAL_DAY]] },
  );
  for (const kind of [
    'hold',
    'confirm',
    'check-in',
    'call-next',
    'begin',
    'finish',
    'park',
    'cancel',
    'reschedule',
  ] as const) {
    expect({ kind, done: (done.get(kind) ?? 0) > 0 }).toEqual({ kind, done: true });
  }
  expect(refused.size).toBeGreaterThan(3);
  expect(repeated).toBeGreaterThan(3);
}, 240_000);
