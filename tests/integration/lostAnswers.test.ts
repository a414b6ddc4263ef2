import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL_VERSION } from '@cloud-hospital/protocol';
import { SOCKET_PATH } from '@cloud-hospital/protocol/socket';
import pg from 'pg';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Answer, RestClient } from '../support/RestClient.ts';
import { type SignedInResident, signedInResidents } from '../support/signedInResidents.ts';
import { type Stack, startStack } from '../support/stack.ts';

const RESIDENTS = 40;
const ROUNDS = Number(process.env['LOST_ANSWER_ROUNDS'] ?? 2);

const Held = z.object({ appointmentId: z.string(), version: z.number(), status: z.string() });
const Change = z.object({ appointmentId: z.string(), status: z.string(), version: z.number() });
const List = z.object({ appointments: z.array(Held) });
const Stored = z.object({ id: z.string(), patient_id: z.string(), status: z.string(), version: z.number() });
const Traces = z.object({ patient_id: z.string(), traces: z.number() });

let stack: Stack;
let database: pg.Pool;

beforeAll(async () => {
  stack = await startStack({ replicas: 2, sfuNodes: 0 });
  database = new pg.Pool({ connectionString: stack.database.superuserUrl, max: 2 });
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});

async function query<T>(schema: z.ZodType<T>, text: string, values: readonly unknown[]): Promise<T[]> {
  const { rows } = await database.query<Record<string, unknown>>(text, [...values]);
  return z.array(schema).parse(rows);
}

/**
 * What a page shows, built as pages do it: the newest version of what it was told, and everything read anew after each
 * connection.
 */
class Page {
  readonly shown = new Map<string, { status: string; version: number }>();
  readonly #resident: SignedInResident;
  readonly #socket: Socket;

  constructor(url: string, refuge: string, resident: SignedInResident) {
    this.#resident = resident;
    this.#socket = this.#connect(url, refuge);
  }

  #connect(url: string, refuge: string): Socket {
    const socket = io(url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      extraHeaders: { cookie: this.#resident.cookie, origin: url },
      auth: { protocolVersion: PROTOCOL_VERSION, face: 'resident', instanceId: randomUUID() },
    });
    socket.on('appointment:changed', (change: unknown) => this.#show(Change.parse(change)));
    socket.on('connect', () => {
      void new RestClient(url, 'resident', this.#resident.cookie)
        .send('GET', '/appointments', List)
        .then((answer) => answer.ok && answer.data.appointments.forEach((one) => this.#show(one)))
        .catch(() => undefined);
    });
    // A proxy would find the other replica.
    if (url !== refuge) {
      socket.once('disconnect', () => {
        socket.disconnect();
        this.#connect(refuge, refuge);
      });
    }
    return socket;
  }

  #show({ appointmentId, status, version }: { appointmentId: string; status: string; version: number }): void {
    if ((this.shown.get(appointmentId)?.version ?? 0) < version) this.shown.set(appointmentId, { status, version });
  }

  close(): void {
    this.#socket.disconnect();
  }
}

test('a replica is killed between commit and answer: what was acknowledged is there, the same key has one effect, pages show the truth', async () => {
  const [victim, other] = stack.replicas;
  if (victim === undefined || other === undefined) throw new Error('two replicas');
  let lost = 0;
  let acknowledged = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const residents = await signedInResidents(database, RESIDENTS);
    const patients = residents.map(({ patientId }) => patientId);
    const slots = await query(
      z.object({ id: z.string() }),
      `SELECT id FROM slot WHERE status = 'free' AND lower(period) > now() + interval '2 days'
         AND lower(period) < now() + interval '12 days' ORDER BY random() LIMIT $1`,
      [RESIDENTS],
    );
    const pages = residents.map(
      (resident, index) => new Page((index % 2 === 0 ? victim : other).url, other.url, resident),
    );
    await sleep(500);

    const hold = (index: number, url: string, key: string): Promise<Answer<z.infer<typeof Held>>> => {
      const { cookie, patientId } = residents[index] ?? { cookie: '', patientId: '' };
      const body = { slotId: slots[index]?.id, patientId };
      return new RestClient(url, 'resident', cookie).send('POST', '/appointments', Held, body, key);
    };
    const keys = residents.map(() => randomUUID());
    const sent = Promise.allSettled(keys.map((key, index) => hold(index, victim.url, key)));
    await sleep(randomInt(10, 250));
    await victim.kill();
    const answers = await sent;
    for (const [index, answer] of answers.entries()) {
      // A page whose answer was lost, or that asks again although it was not.
      const again = await hold(index, other.url, keys[index] ?? '');
      if (!again.ok) throw new Error(`again: ${again.code}`);
      if (answer.status === 'fulfilled' && answer.value.ok) {
        acknowledged += 1;
        expect(again.data).toEqual(answer.value.data);
      } else lost += 1;
    }

    const rows = await query(
      Stored,
      `SELECT id, patient_id, status, version FROM appointment WHERE patient_id = ANY($1::uuid[]) ORDER BY patient_id`,
      [patients],
    );
    expect(rows.map((row) => [row.patient_id, row.status])).toEqual(patients.toSorted().map((id) => [id, 'pending']));
    const traces = await query(
      Traces,
      `SELECT patient_id, count(*)::int AS traces FROM audit_event
       WHERE action = 'appointment:hold' AND patient_id = ANY($1::uuid[]) GROUP BY patient_id`,
      [patients],
    );
    expect(traces.filter((one) => one.traces !== 1)).toEqual([]);
    expect(traces).toHaveLength(RESIDENTS);

    // After a while of quiet every page shows what the database says.
    const truth = new Map(rows.map((row) => [row.patient_id, [row.id, row.status, row.version]]));
    await expect
      .poll(
        () =>
          pages.map((page, index) => [
            patients[index],
            ...[...page.shown].map(([id, { status, version }]) => [id, status, version]),
          ]),
        { timeout: 10_000 },
      )
      .toEqual(patients.map((id) => [id, truth.get(id)]));
    for (const page of pages) page.close();
    await victim.start();
  }
  expect(acknowledged + lost).toBe(RESIDENTS * ROUNDS);
  // Of answers that never got lost nothing could be learned.
  expect(lost).toBeGreaterThan(0);
}, 120_000);
