import { randomUUID } from 'node:crypto';
import { PractitionerRoleId, type Role } from '@cloud-hospital/protocol';
import type { CallSample } from '@cloud-hospital/protocol/socket';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { statistics } from '../../signaling/src/operations/district/statistics.ts';
import { callRecord } from '../../signaling/src/operations/encounter/callRecord.ts';
import { CallStage, type RunningCall, type Side } from '../support/callStage.ts';

let stage: CallStage;
beforeAll(async () => {
  stage = await CallStage.start();
});
afterAll(() => stage?.stop());

const db = () => stage.replica().services.db;
const SAMPLE: CallSample = {
  at: '',
  seconds: 5,
  mode: 'video',
  mos: 4.2,
  lossRate: 0.012,
  concealedRate: 0,
  roundTripMs: 60,
  jitterMs: 4,
  sendKbps: 500,
  receiveKbps: 480,
  sendFps: 24,
  receiveFps: 22,
  receiveHeight: 360,
  freezes: 1,
  freezeMs: 300,
};
/** Five samples, the last one just now. */
const samples = (mos: number | null): CallSample[] =>
  [25, 20, 15, 10, 5].map((ago) => ({ ...SAMPLE, mos, at: new Date(Date.now() - ago * 1_000).toISOString() }));
const report = ({ browser }: Side, encounterId: string, told: CallSample[], steps: unknown[] = []) =>
  browser.ask('call:report', { encounterId, samples: told, steps });

/** A call whose visit began some minutes ago. */
async function answered(): Promise<RunningCall> {
  const call = await stage.answered();
  await sql`UPDATE encounter SET checked_in_at = now() - interval '9 minutes' WHERE id = ${call.encounterId}`.execute(
    db(),
  );
  return call;
}

/** Somebody who only reads. */
const reader = (role: Role, practitionerRoleId: string | null = null) => ({
  agent: {
    sessionId: randomUUID(),
    face: 'console' as const,
    role,
    name: 'reader',
    userId: null,
    patientId: null,
    practitionerId: null,
    practitionerRoleId: PractitionerRoleId.nullable().parse(practitionerRoleId),
    organizationId: null,
    locationId: null,
    deviceId: null,
    guestLinkId: null,
    secondFactorVerified: true,
  },
  requestId: randomUUID(),
});
const specialistOf = ({ specialist }: RunningCall) => reader('specialist', specialist.practitionerRoleId);

test('what both browsers saw is kept once, told to the other side, and read with one audit row', async () => {
  const call = await answered();
  const { terminal, doctor, encounterId } = call;
  const told = samples(4.2);
  const step = { stage: 'media-back', at: told[3]?.at, sinceLossMs: 1_800, detail: null };
  expect(await report(terminal, encounterId, told.slice(0, 3))).toMatchObject({ ok: true });
  // The ack was lost: the same again, with what has come since.
  expect(await report(terminal, encounterId, told, [step])).toMatchObject({ ok: true });
  expect(await report(terminal, encounterId, told, [step])).toMatchObject({ ok: true });
  const heard = await doctor.browser.hears('peer:sampled');
  expect(heard).toMatchObject({ encounterId, peerId: terminal.joined.peerId });

  const record = await callRecord(stage.replica().services, specialistOf(call), { encounterId });
  const side = record.sides.find(({ peerId }) => peerId === terminal.joined.peerId);
  expect(side?.samples).toEqual(told);
  expect(side).toMatchObject({ role: 'terminal', medianMos: 4.2, steps: [step] });
  expect(side?.presence).toEqual([{ from: expect.any(String), to: null }]);
  const rows = await db()
    .selectFrom('audit_event')
    .select('details')
    .where('action', '=', 'encounter:read')
    .where('entity_id', '=', encounterId)
    .execute();
  expect(rows).toEqual([{ details: { part: 'call' } }]);
});

test('nobody reports on a foreign call, from the future, or about a visit that is long over', async () => {
  const [call, other] = [await answered(), await answered()];
  const made = await report(call.terminal, randomUUID(), samples(4));
  const foreign = await report(other.terminal, call.encounterId, samples(4));
  expect(foreign).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  expect(made).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  const [sample] = samples(4);
  if (sample === undefined) throw new Error('unreachable');
  const unlikely = ['2099-01-01T00:00:00Z', '2001-01-01T00:00:00Z'].map((at) => ({ ...sample, at }));
  expect(await report(call.terminal, call.encounterId, unlikely)).toMatchObject({ ok: true });
  await sql`UPDATE encounter SET status = 'finished', outcome = 'completed', checked_in_at = now() - interval '4 hours',
    started_at = now() - interval '3 hours', ended_at = now() - interval '2 hours', reason = 'finished'
    WHERE id = ${call.encounterId}`.execute(db());
  expect(await report(call.terminal, call.encounterId, samples(4))).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(
    (await callRecord(stage.replica().services, specialistOf(call), { encounterId: call.encounterId })).sides[0]
      ?.samples,
  ).toEqual([]);
  await expect(
    callRecord(stage.replica().services, specialistOf(other), { encounterId: call.encounterId }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a call is good when every side heard well for half of the time; the district sees only how many were', async () => {
  await sql`UPDATE encounter SET started_at = NULL`.execute(db());
  const outcomes = [
    [4.2, 4.1],
    [4.2, 2.1],
    // Heard by nobody: not judged.
    [null, null],
  ] as const;
  for (const [atTerminal, atConsole] of outcomes) {
    const call = await answered();
    await report(call.terminal, call.encounterId, samples(atTerminal));
    await report(call.doctor, call.encounterId, samples(atConsole));
    await db().updateTable('encounter').set({ started_at: new Date() }).where('id', '=', call.encounterId).execute();
  }
  const { day, hospitals } = await statistics(stage.replica().services, reader('district-administrator'), {});
  expect(day).toMatchObject({ callsMeasured: 2, callsGood: 1 });
  expect(hospitals.map(({ callsMeasured, callsGood }) => [callsMeasured, callsGood])).toContainEqual([2, 1]);
});

test('old samples become one a minute; the application can neither change nor delete one', async () => {
  const { terminal, encounterId } = await answered();
  const id = terminal.joined.peerId;
  await sql`INSERT INTO call_sample (participant_id, at, seconds, mode, mos, loss_rate, concealed_rate, send_kbps,
      receive_kbps, freezes, freeze_ms)
    SELECT ${id}, timestamptz '2020-01-01 10:00:00Z' + make_interval(secs => 5 * n), 5, 'video',
      CASE WHEN n < 12 THEN 4 ELSE 2 END, 0.1, 0, 100, n, 1, 10
    FROM generate_series(0, 23) n`.execute(db());
  await report(terminal, encounterId, samples(4));
  const thin = () => sql`SELECT thin_call_samples(now() - interval '90 days', 3)`.execute(db());
  await thin();
  await thin();
  const kept = await db()
    .selectFrom('call_sample')
    .selectAll()
    .where('participant_id', '=', id)
    .orderBy('at')
    .execute();
  expect(
    kept.map(({ seconds, thinned, mos, freezes, receive_kbps }) => ({ seconds, thinned, mos, freezes, receive_kbps })),
  ).toEqual([
    { seconds: 60, thinned: true, mos: 4, freezes: 12, receive_kbps: 5 },
    { seconds: 60, thinned: true, mos: 2, freezes: 12, receive_kbps: 17 },
    ...samples(4).map(() => ({ seconds: 5, thinned: false, mos: 4, freezes: 1, receive_kbps: 480 })),
  ]);
  await expect(db().deleteFrom('call_sample').execute()).rejects.toThrow(/permission denied/);
  await expect(db().updateTable('call_step').set({ since_loss_ms: 0 }).execute()).rejects.toThrow(/permission denied/);
});
