import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { createSessions } from '../../signaling/src/auth/createSessions.ts';
import type { Sessions } from '../../signaling/src/auth/Sessions.ts';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { endIdleSessions } from '../../signaling/src/operations/session/endIdleSessions.ts';
import { type CommandRunner, createCommandRunner } from '../../signaling/src/store/command.ts';
import { type Db, openDatabase } from '../../signaling/src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

let database: TestDatabase;
let db: Db;
let commands: CommandRunner;
let sessions: Sessions;
beforeAll(async () => {
  database = await createTestDatabase({ seeded: true });
  db = openDatabase({ url: database.url, poolSize: 4, statementTimeoutMs: 15_000 }, () => undefined);
  commands = createCommandRunner(db, { onEvents: () => undefined, onJobs: () => undefined });
  sessions = createSessions({
    db,
    config: { DEMO_DISTRICT: true, TLS_BEHIND_PROXY: false, PUBLIC_ORIGIN: ['https://clinic.example'] },
  });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** Somebody of the role, signed in. */
async function signIn(role: 'specialist' | 'nurse', offset: number) {
  const person = await db
    .selectFrom('practitioner_role')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .innerJoin('device', (join) => join.onTrue())
    .select(['practitioner_role.id', 'account_id', 'device.id as device_id', 'device.location_id'])
    .where('role', '=', role)
    .where((eb) =>
      eb.or([
        eb('practitioner_role.location_id', 'is', null),
        eb('practitioner_role.location_id', '=', eb.ref('device.location_id')),
      ]),
    )
    .orderBy('practitioner_role.id')
    .orderBy('device.id')
    .offset(offset)
    .limit(1)
    .executeTakeFirstOrThrow();
  const face = role === 'nurse' ? 'terminal' : 'console';
  await db.updateTable('device').set({ status: 'ready' }).where('id', '=', person.device_id).execute();
  const { sessionId, setCookie } = await commands.run({ agent: SYSTEM, requestId: 'test' }, (unit) =>
    sessions.createForAccount(unit, {
      face,
      accountId: person.account_id,
      practitionerRoleId: person.id,
      secondFactor: false,
      deviceId: role === 'nurse' ? person.device_id : null,
    }),
  );
  const cookie = setCookie.split(';')[0];
  return { ...person, sessionId, setCookie, isIn: async () => (await sessions.resolve(cookie, face)).actor !== null };
}

const idleFor = (sessionId: string, minutes: number): Promise<unknown> =>
  db
    .updateTable('session')
    .set({ last_seen_at: sql<Date>`now() - make_interval(mins => ${minutes})` })
    .where('id', '=', sessionId)
    .execute();
const toldToEnd = async (sessionId: string): Promise<number> =>
  (
    await db
      .selectFrom('outbox')
      .select('id')
      .where('name', '=', 'session:ended')
      .where(sql<boolean>`topics @> ARRAY[${`session:${sessionId}`}]`)
      .execute()
  ).length;

test('where people come by https, cookies are kept off plain connections', async () => {
  expect((await signIn('specialist', 0)).setCookie).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
});

test('a session idle for an hour is over by itself, and its sockets are told', async () => {
  const somebody = await signIn('specialist', 100);
  await idleFor(somebody.sessionId, 59);
  expect(await endIdleSessions({ commands, sessions })).toBe(0);
  expect(await somebody.isIn()).toBe(true);
  await idleFor(somebody.sessionId, 61);
  expect(await somebody.isIn()).toBe(false);
  expect(await endIdleSessions({ commands, sessions })).toBe(1);
  expect(await endIdleSessions({ commands, sessions })).toBe(0);
  expect(await toldToEnd(somebody.sessionId)).toBe(1);
});

test('being seen is written once a minute, not at every request', async () => {
  const somebody = await signIn('specialist', 200);
  const seenAt = async (): Promise<number> =>
    (
      await db
        .selectFrom('session')
        .select('last_seen_at')
        .where('id', '=', somebody.sessionId)
        .executeTakeFirstOrThrow()
    ).last_seen_at.getTime();
  const first = await seenAt();
  await somebody.isIn();
  expect(await seenAt()).toBe(first);
  await idleFor(somebody.sessionId, 2);
  await somebody.isIn();
  expect(await seenAt()).toBeGreaterThanOrEqual(first);
});

test('an idle lock never cuts a call, on either side of it', async () => {
  const [specialist, nurse] = [await signIn('specialist', 300), await signIn('nurse', 0)];
  const entry = await db.selectFrom('queue_entry').select('id').limit(1).executeTakeFirstOrThrow();
  const inCall = (state: 'serving' | 'done'): Promise<unknown> =>
    db
      .updateTable('queue_entry')
      .set({
        state,
        called_by: specialist.id,
        device_id: nurse.device_id,
        lease_token: sql<string>`gen_random_uuid()`,
      })
      .where('id', '=', entry.id)
      .execute();
  await inCall('serving');
  for (const { sessionId } of [specialist, nurse]) await idleFor(sessionId, 59);
  await db
    .updateTable('session')
    .set({ expires_at: sql<Date>`now() + interval '1 second'` })
    .where('id', '=', nurse.sessionId)
    .execute();
  await endIdleSessions({ commands, sessions });
  await db
    .updateTable('session')
    .set({ last_seen_at: sql<Date>`last_seen_at - interval '2 minutes'` })
    .where('id', 'in', [specialist.sessionId, nurse.sessionId])
    .execute();
  expect(await specialist.isIn()).toBe(true);
  expect(await nurse.isIn()).toBe(true);
  const { expires_at: expiresAt } = await db
    .selectFrom('session')
    .select('expires_at')
    .where('id', '=', nurse.sessionId)
    .executeTakeFirstOrThrow();
  expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 10 * 60_000);
  // Even a session that is over already is left to the end of the call.
  await idleFor(nurse.sessionId, 90);
  expect(await endIdleSessions({ commands, sessions })).toBe(0);
  await inCall('done');
  expect(await endIdleSessions({ commands, sessions })).toBe(1);
  expect(await toldToEnd(nurse.sessionId)).toBe(1);
});
