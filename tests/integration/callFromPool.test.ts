import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type FullPool, fillPool } from '../support/fullPool.ts';
import { RestClient } from '../support/RestClient.ts';
import { type Stack, startStack } from '../support/stack.ts';

const SPECIALISTS = 40;
const PEOPLE = 60;

const Called = z.object({ queueEntryId: z.string(), encounterId: z.string() });
const Entry = z.object({ id: z.string(), state: z.string(), called_by: z.string().nullable() });
const Passed = z.object({ queue_entry_id: z.string(), reason: z.string() });

let stack: Stack;
let database: pg.Pool;
let pool: FullPool;
let doctors: RestClient[];

beforeAll(async () => {
  stack = await startStack({ replicas: 2, sfuNodes: 0, env: { RING_SECONDS: '600' } });
  database = new pg.Pool({ connectionString: stack.database.superuserUrl, max: 2 });
  pool = await fillPool(database, SPECIALISTS, PEOPLE);
  const urls = stack.replicas.map(({ url }) => url);
  doctors = pool.specialists.map(
    ({ cookie }, index) => new RestClient(urls[index % urls.length] ?? '', 'console', cookie),
  );
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});

async function entries(): Promise<z.infer<typeof Entry>[]> {
  const { rows } = await database.query<Record<string, unknown>>(
    'SELECT id, state, called_by FROM queue_entry WHERE id = ANY($1::uuid[])',
    [pool.people.map(({ queueEntryId }) => queueEntryId)],
  );
  return z.array(Entry).parse(rows);
}
const callAll = () => Promise.all(doctors.map((doctor) => doctor.send('POST', '/queue/call-next', Called)));
const codes = (answers: readonly { ok: boolean }[]): string[] =>
  answers.map((answer) => ('code' in answer && typeof answer.code === 'string' ? answer.code : 'ok')).toSorted();

test('40 specialists call from one pool at once: nobody is called twice, nobody is lost, the first in order are called', async () => {
  const answers = await callAll();
  expect(new Set(codes(answers))).toEqual(new Set(['ok']));
  const called = answers.flatMap((answer) => (answer.ok ? [answer.data.queueEntryId] : []));
  expect(new Set(called).size).toBe(SPECIALISTS);
  const first = pool.people.slice(0, SPECIALISTS).map(({ queueEntryId }) => queueEntryId);
  expect(called.toSorted()).toEqual(first.toSorted());

  const rows = await entries();
  expect(rows).toHaveLength(PEOPLE);
  expect(rows.filter(({ state }) => state === 'called')).toHaveLength(SPECIALISTS);
  expect(rows.filter(({ state }) => state === 'waiting')).toHaveLength(PEOPLE - SPECIALISTS);
  expect(new Set(rows.flatMap(({ called_by }) => called_by ?? [])).size).toBe(SPECIALISTS);
  // Each was the first of all who waited at that moment.
  const { rows: passed } = await database.query<Record<string, unknown>>(
    'SELECT queue_entry_id, reason FROM queue_overtaking WHERE queue_entry_id = ANY($1::uuid[])',
    [first],
  );
  expect(z.array(Passed).parse(passed)).toEqual([]);
}, 60_000);

test('whoever calls again while their call rings is told so, and takes nobody', async () => {
  const answers = await callAll();
  expect(new Set(codes(answers))).toEqual(new Set(['ALREADY_CALLED']));
  expect((await entries()).filter(({ state }) => state === 'called')).toHaveLength(SPECIALISTS);
});
