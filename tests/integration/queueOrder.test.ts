import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PoolDistrict } from '../support/pool.ts';

/** What the documented order promises, on arbitrary queues: nobody can be kept waiting for ever. */
const MINUTE_MS = 60_000;
const NOW = Date.now();

let pool: PoolDistrict;
let queueIds: string[];
let clinics: string[];
let encounterIds: string[];
let patientId: string;

const MOST = 14;

beforeAll(async () => {
  pool = await PoolDistrict.create();
  const { db } = pool;
  const visit = await pool.waiting(1, { ready: false });
  const first = await pool.entry(visit);
  patientId = first.patient_id;
  const own = await db
    .selectFrom('queue')
    .select('id')
    .where('practitioner_role_id', '=', pool.lead.practitionerRoleId)
    .executeTakeFirstOrThrow();
  queueIds = [own.id, first.queue_id];
  clinics = [
    pool.clinic.locationId,
    (await pool.district.clinic()).locationId,
    (await pool.district.clinic()).locationId,
  ];
  const rows = await db
    .insertInto('encounter')
    .values(
      Array.from({ length: MOST }, (_, index) => ({
        appointment_id: null,
        patient_id: patientId,
        practitioner_id: null,
        practitioner_role_id: null,
        location_id: pool.clinic.locationId,
        device_id: null,
        status: 'arrived' as const,
        ticket_number: `P${index}`,
        scheduled_start: null,
        checked_in_at: new Date(),
      })),
    )
    .returning('id')
    .execute();
  encounterIds = rows.map((row) => row.id);
});
afterAll(() => pool.district.close());

const person = fc.record({
  queue: fc.integer({ min: 0, max: 1 }),
  clinic: fc.integer({ min: 0, max: 2 }),
  checkedIn: fc.integer({ min: -400, max: 0 }),
  scheduled: fc.option(fc.integer({ min: -300, max: 120 })),
  urgent: fc.boolean(),
});
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

const at = (minutes: number): Date => new Date(NOW + minutes * MINUTE_MS);

async function ordered(people: readonly Person[]): Promise<{ id: string; place: number }[]> {
  const { db } = pool;
  await sql`DELETE FROM queue_entry`.execute(db).catch(async () => {
    // The application may not delete: those of the run before leave.
    await db
      .updateTable('queue_entry')
      .set({ state: 'left', checked_in_at: at(-100_000) })
      .execute();
  });
  await db
    .insertInto('queue_entry')
    .values(
      people.map((one, index) => ({
        id: randomUUID(),
        queue_id: queueIds[one.queue] ?? '',
        encounter_id: encounterIds[index] ?? '',
        patient_id: patientId,
        location_id: clinics[one.clinic] ?? '',
        device_id: null,
        state: 'waiting' as const,
        urgent: one.urgent,
        scheduled_start: one.scheduled === null ? null : at(one.scheduled),
        checked_in_at: at(one.checkedIn),
      })),
    )
    .execute();
  const { rows } = await sql<{ id: string; place: number }>`
    SELECT encounter_id AS id, place FROM queue_order(${queueIds}::uuid[], now()) ordered
    JOIN queue_entry ON queue_entry.id = ordered.queue_entry_id ORDER BY place`.execute(db);
  return rows;
}

/** When the rule owes somebody their turn, without the share of their clinic; minutes. */
function due({ urgent, scheduled, checkedIn }: Person): number {
  if (urgent) return checkedIn - 120;
  if (scheduled === null) return checkedIn + 45;
  return checkedIn > scheduled + 10 ? checkedIn : scheduled;
}

test('everybody has a place of their own, and whoever comes two hours after somebody’s due time stands behind them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(person, { minLength: 2, maxLength: MOST }), async (people) => {
      const places = await ordered(people);
      expect(places.map((one) => one.place)).toEqual(people.map((_, index) => index + 1));
      const placeOf = new Map(places.map((one) => [one.id, one.place]));
      const place = (index: number): number => placeOf.get(encounterIds[index] ?? '') ?? 0;
      const share = 5 * people.length;
      for (const [i, early] of people.entries()) {
        for (const [j, late] of people.entries()) {
          if (late.checkedIn > due(early) + 120 + share) expect(place(i)).toBeLessThan(place(j));
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a merged order keeps the order inside each queue', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(person, { minLength: 2, maxLength: MOST }), async (people) => {
      const merged = (await ordered(people)).map((one) => one.id);
      for (const queueId of queueIds) {
        const { rows } = await sql<{ id: string }>`
          SELECT encounter_id AS id FROM queue_order(ARRAY[${queueId}::uuid], now()) ordered
          JOIN queue_entry ON queue_entry.id = ordered.queue_entry_id ORDER BY place`.execute(pool.db);
        const alone = rows.map((row) => row.id);
        expect(merged.filter((id) => alone.includes(id))).toEqual(alone);
      }
    }),
    { numRuns: 30 },
  );
});
