import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type FullPool, fillPool } from '../../support/fullPool.ts';
import { RestClient } from '../../support/RestClient.ts';
import { BareServer } from '../BareServer.ts';
import type { BenchDatabase } from '../BenchDatabase.ts';
import { findPgbench, pgbench } from '../pgbench.ts';
import type { Row } from '../Row.ts';
import { median, ms, percentile } from '../statistics.ts';
import { connectAll } from '../waitingClients.ts';

const Called = z.object({ queueEntryId: z.string() });
const Place = z.object({ version: z.number() });
const Change = z.object({ version: z.number(), at: z.number() });

const CALLERS = 40;
/** Until the last page has heard of a change. */
const QUIET_MS = 1_500;

const SCRIPT = `
SELECT own.id AS own, own.practitioner_role_id AS role, gen_random_uuid() AS lease FROM bench_caller JOIN queue own ON own.id = bench_caller.queue_id WHERE n = (SELECT nextval('bench_caller_next')) \\gset
BEGIN;
SELECT now(), request_hash, response FROM (VALUES (1)) once LEFT JOIN remembered_answer('bench', :lease) ON true;
SELECT id FROM queue WHERE id = :own FOR UPDATE;
SELECT queues_called_from(:own) AS queues \\gset
SELECT id AS pool FROM queue WHERE id = ANY(:queues) AND kind = 'pool' FOR UPDATE \\gset
SELECT ordered.queue_entry_id AS entry FROM queue_order(:queues, now()) ordered JOIN queue_entry entry ON entry.id = ordered.queue_entry_id ORDER BY ordered.not_ready IS NOT NULL, entry.skipped_at IS NOT NULL, ordered.place LIMIT 1 \\gset
UPDATE queue_entry SET state = 'called', called_by = :role, lease_token = :lease, queue_id = :own, pool_id = :pool, called_at = now(), version = version + 1 WHERE id = :entry;
UPDATE availability SET state = 'in-call', version = version + 1 WHERE practitioner_role_id = :role;
UPDATE queue SET version = nextval('queue_version') WHERE id IN (:own, :pool);
INSERT INTO job (kind, subject_id, token, due_at) VALUES ('call.ring-timeout', :entry, :lease, now() + interval '10 minutes');
INSERT INTO audit_event (actor_role, actor_name, action, entity_kind, entity_id, outcome, request_id, details) VALUES ('specialist', 'bench', 'queue-call', 'Encounter', :entry, 'success', :lease, '{}');
INSERT INTO outbox (topics, name, data) VALUES ('{}', 'worklist' || chr(58) || 'changed', '{}');
INSERT INTO idempotency_key (actor, key, action, request_hash, response) VALUES ('bench', :lease, 'queue.callNext', 'bench', '{}');
COMMIT;
`;

/** All specialists of the pool press at once. */
async function callTogether(
  url: string,
  pool: FullPool,
): Promise<{ tookMs: number[]; seconds: number; refused: number }> {
  const startedAt = performance.now();
  const answers = await Promise.all(
    pool.specialists.map(({ cookie }) =>
      new RestClient(url, 'console', cookie).send('POST', '/queue/call-next', Called),
    ),
  );
  return {
    tookMs: answers.map(({ tookMs }) => tookMs),
    seconds: (performance.now() - startedAt) / 1_000,
    refused: answers.filter(({ ok }) => !ok).length,
  };
}

/** The same in the database alone: lock, order, pick and mark. */
async function callByPgbench(program: string, database: BenchDatabase, pool: FullPool): Promise<number> {
  await database.rows('DROP TABLE IF EXISTS bench_caller; DROP SEQUENCE IF EXISTS bench_caller_next');
  await database.rows('CREATE SEQUENCE bench_caller_next');
  await database.rows(
    `CREATE TABLE bench_caller AS SELECT row_number() OVER () AS n, id AS queue_id FROM queue
     WHERE practitioner_role_id IN ('${pool.specialists.map(({ practitionerRoleId }) => practitionerRoleId).join("','")}')`,
  );
  const { perSecond } = await pgbench(program, database, SCRIPT, { clients: CALLERS, times: 1 });
  await database.rows('DROP TABLE bench_caller; DROP SEQUENCE bench_caller_next');
  return perSecond;
}

/**
 * From the write of `queue:changed` just before the commit to each waiting page's own place of that version or a later
 * one, over as many pages as wait; one call after the other.
 */
async function seenByWaiting(url: string, database: BenchDatabase, waiting: number, calls: number): Promise<number[]> {
  const pool = await fillPool(database.pool, calls, waiting + calls);
  const sockets = await connectAll(
    url,
    pool.people.slice(calls).map(({ cookie }) => cookie),
  );
  const heard = sockets.map((socket) => {
    const arrivals: { version: number; at: number }[] = [];
    socket.on('queue-entry:changed', (place: unknown) => {
      arrivals.push({ version: Place.parse(place).version, at: Date.now() });
    });
    return arrivals;
  });
  for (const { cookie } of pool.specialists) {
    await new RestClient(url, 'console', cookie).expect('POST', '/queue/call-next', Called);
    await sleep(QUIET_MS);
  }
  const changes = z.array(Change).parse(
    await database.rows(
      `SELECT (data->>'version')::int AS version, extract(epoch FROM created_at)::float8 * 1000 AS at FROM outbox
       WHERE name = 'queue:changed' AND data->>'queueId' = $1 ORDER BY id`,
      [pool.poolId],
    ),
  );
  for (const socket of sockets) socket.disconnect();
  return changes.flatMap(({ version, at }) =>
    heard.flatMap((arrivals) => {
      const seen = arrivals.find((arrival) => arrival.version >= version);
      return seen === undefined ? [Number.POSITIVE_INFINITY] : [seen.at - at];
    }),
  );
}

async function bareEmit(clients: number, times: number): Promise<number[]> {
  const server = await BareServer.start();
  try {
    const sockets = await connectAll(
      server.url,
      Array.from({ length: clients }, () => ''),
    );
    const took: number[] = [];
    for (const socket of sockets) {
      socket.on('tick', ({ sentAt }: { sentAt: number }) => took.push(Date.now() - sentAt));
    }
    for (let serial = 0; serial < times; serial += 1) {
      server.emit(1);
      await sleep(QUIET_MS);
    }
    for (const socket of sockets) socket.disconnect();
    return took;
  } finally {
    server.stop();
  }
}

/** Row 10: forty specialists of one pool call at once; and how soon everybody who waits sees a call. */
export async function callNextRow(url: string, database: BenchDatabase, full: boolean): Promise<Row> {
  const waiting = full ? 1_000 : 300;
  const rounds = full ? 5 : 2;
  const calls = full ? 10 : 4;
  const program = findPgbench();
  const ours: Awaited<ReturnType<typeof callTogether>>[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await callTogether(url, await fillPool(database.pool, CALLERS, 100)));
    if (program !== undefined) {
      theirs.push(await callByPgbench(program, database, await fillPool(database.pool, CALLERS, 100)));
    }
  }
  const growth: string[] = [];
  for (const factor of full ? [1, 4, 16] : []) {
    const { seconds } = await callTogether(url, await fillPool(database.pool, CALLERS, 100 * factor));
    growth.push(((seconds * 1_000) / CALLERS).toFixed(1));
  }
  const seen = await seenByWaiting(url, database, waiting, calls);
  const bare = await bareEmit(waiting, calls);
  const tookMs = ours.flatMap((round) => round.tookMs);
  const perSecond = ours.map(({ seconds }) => CALLERS / seconds);
  const ratios = theirs.map((yardstick, round) => (perSecond[round] ?? Number.NaN) / yardstick);
  return {
    number: 10,
    metric: `call next: ${CALLERS} callers at one pool of 100; seen by ${waiting} who wait`,
    goal: '≥ 30 % of pgbench; seen p99 ≤ 50 ms',
    result:
      `${Math.round(median(perSecond))} calls/s, p99 ${ms(percentile(tookMs, 99))}; ` +
      `seen p50 ${ms(percentile(seen, 50))}, p99 ${ms(percentile(seen, 99))}`,
    yardstick:
      `${program === undefined ? 'pgbench is not installed' : `pgbench ${Math.round(median(theirs))}/s; ours is ${Math.round(median(ratios) * 100)} %`}; ` +
      `bare emit p50 ${ms(percentile(bare, 50))}, p99 ${ms(percentile(bare, 99))}`,
    figures: {
      callsPerSecond: median(perSecond),
      pgbenchPerSecond: theirs.length === 0 ? null : median(theirs),
      refused: ours.reduce((sum, { refused }) => sum + refused, 0),
      p50: percentile(tookMs, 50),
      p99: percentile(tookMs, 99),
      seenP50: percentile(seen, 50),
      seenP99: percentile(seen, 99),
      bareP50: percentile(bare, 50),
      bareP99: percentile(bare, 99),
      msPerCallAt1x4x16xWaiting: growth.length === 0 ? null : growth.join(' / '),
    },
  };
}
