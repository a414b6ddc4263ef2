import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { RestClient } from '../../support/RestClient.ts';
import { signedInResidents } from '../../support/signedInResidents.ts';
import type { BenchDatabase } from '../BenchDatabase.ts';
import { findPgbench, pgbench } from '../pgbench.ts';
import type { Row } from '../Row.ts';
import { median, ms, percentile, pooled } from '../statistics.ts';

const Held = z.object({ appointmentId: z.string() });
const Slot = z.object({ id: z.string() });

const AT_ONCE = 40;
const HOT_CLIENTS = 200;
const PAIRS = 5;

interface Burst {
  readonly perSecond: number;
  readonly tookMs: readonly number[];
  readonly refused: number;
}

/** One hold each by people who hold nothing else, `AT_ONCE` requests at a time. */
async function holdsOverHttp(url: string, database: BenchDatabase, slots: readonly string[]): Promise<Burst> {
  const people = await signedInResidents(database.pool, slots.length);
  const startedAt = performance.now();
  const answers = await pooled(
    AT_ONCE,
    people.map(({ cookie, patientId }, index) => () => {
      const client = new RestClient(url, 'resident', cookie);
      return client.send('POST', '/appointments', Held, { slotId: slots[index], patientId });
    }),
  );
  return {
    perSecond: slots.length / ((performance.now() - startedAt) / 1_000),
    tookMs: answers.map(({ tookMs }) => tookMs),
    refused: answers.filter(({ ok }) => !ok).length,
  };
}

/** The same transactions by pgbench: bench_pick tells it who holds what. */
async function holdsByPgbench(program: string, database: BenchDatabase, slots: readonly string[]): Promise<number> {
  const people = await signedInResidents(database.pool, slots.length);
  await database.rows('DROP TABLE IF EXISTS bench_pick; DROP SEQUENCE IF EXISTS bench_pick_next');
  await database.rows('CREATE SEQUENCE bench_pick_next');
  await database.rows(
    `CREATE TABLE bench_pick AS SELECT n, slot_id, patient_id
     FROM unnest(ARRAY['${slots.join("','")}']::uuid[], ARRAY['${people.map(({ patientId }) => patientId).join("','")}']::uuid[])
       WITH ORDINALITY AS pick (slot_id, patient_id, n)`,
  );
  await database.rows('CREATE UNIQUE INDEX ON bench_pick (n)');
  const script = await readFile(new URL('./holdTransaction.sql', import.meta.url), 'utf8');
  const { perSecond } = await pgbench(program, database, script, {
    clients: AT_ONCE,
    times: Math.floor(slots.length / AT_ONCE),
  });
  await database.rows('DROP TABLE bench_pick; DROP SEQUENCE bench_pick_next');
  return perSecond;
}

async function hotSlots(url: string, database: BenchDatabase, slots: readonly string[]) {
  const people = await signedInResidents(database.pool, HOT_CLIENTS);
  const tookMs: number[] = [];
  let doubles = 0;
  for (const slotId of slots) {
    const answers = await Promise.all(
      people.map(({ cookie, patientId }) =>
        new RestClient(url, 'resident', cookie).send('POST', '/appointments', Held, { slotId, patientId }),
      ),
    );
    tookMs.push(...answers.map((answer) => answer.tookMs));
    doubles += Math.abs(answers.filter(({ ok }) => ok).length - 1);
  }
  return { tookMs, doubles };
}

/**
 * Row 9: holds of distinct slots over HTTP beside pgbench with the statements of the same transaction on the same
 * database, in turns; then 200 clients at one slot, again and again. A hold looks the session up, takes the patient's
 * and the slot's locks, checks, inserts under three constraints, writes job, audit, outbox and the stored answer.
 */
export async function bookingRow(url: string, database: BenchDatabase, full: boolean): Promise<Row> {
  const perTurn = full ? 600 : 200;
  const growth = full ? [1, 4, 16] : [];
  const hotRounds = full ? 100 : 10;
  const slots = z
    .array(Slot)
    .parse(
      await database.rows(
        `SELECT id FROM slot WHERE status = 'free' AND lower(period) > now() + interval '1 day'
           AND lower(period) < now() + interval '12 days' ORDER BY random()`,
      ),
    )
    .map(({ id }) => id);
  const take = (count: number): string[] => slots.splice(0, count);
  await holdsOverHttp(url, database, take(perTurn));

  const program = findPgbench();
  const ours: Burst[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    ours.push(await holdsOverHttp(url, database, take(perTurn)));
    if (program !== undefined) theirs.push(await holdsByPgbench(program, database, take(perTurn)));
  }
  const msPerHold: number[] = [];
  for (const factor of growth) {
    msPerHold.push(1_000 / (await holdsOverHttp(url, database, take(perTurn * factor))).perSecond);
  }
  const hot = await hotSlots(url, database, take(hotRounds));

  const tookMs = ours.flatMap((burst) => burst.tookMs);
  const ratios = theirs.map((perSecond, pair) => (ours[pair]?.perSecond ?? Number.NaN) / perSecond);
  const hotP99 = percentile(hot.tookMs, 99);
  return {
    number: 9,
    metric: `booking over HTTP, 2 replicas, ${AT_ONCE} at a time; ${HOT_CLIENTS} clients at one slot, ${hotRounds} rounds`,
    goal: '≥ 50 % of pgbench; hot slot p99 ≤ 100 ms, zero doubles',
    result:
      `${Math.round(median(ours.map(({ perSecond }) => perSecond)))} holds/s, p50 ${ms(percentile(tookMs, 50))}, ` +
      `p99 ${ms(percentile(tookMs, 99))}; hot slot p99 ${ms(hotP99)}, doubles ${hot.doubles}`,
    yardstick:
      program === undefined
        ? 'pgbench is not installed (apt-get install postgresql)'
        : `pgbench, same statements: ${Math.round(median(theirs))}/s; ours is ${Math.round(median(ratios) * 100)} % ` +
          `(${Math.round(Math.min(...ratios) * 100)}–${Math.round(Math.max(...ratios) * 100)} %)`,
    figures: {
      holdsPerSecond: median(ours.map(({ perSecond }) => perSecond)),
      pgbenchPerSecond: theirs.length === 0 ? null : median(theirs),
      ratio: ratios.length === 0 ? null : median(ratios),
      refused: ours.reduce((sum, { refused }) => sum + refused, 0),
      p50: percentile(tookMs, 50),
      p99: percentile(tookMs, 99),
      hotP50: percentile(hot.tookMs, 50),
      hotP99,
      hotWorst: Math.max(...hot.tookMs),
      doubles: hot.doubles,
      msPerHoldAt1x4x16x: full ? msPerHold.map((value) => value.toFixed(2)).join(' / ') : null,
    },
  };
}
