import { z } from 'zod';
import { demoPhone } from '../../../signaling/src/seed/demoAccounts.ts';
import { RestClient } from '../../support/RestClient.ts';
import type { Row } from '../Row.ts';
import { ms, percentile, pooled } from '../statistics.ts';

const Specialists = z.object({
  specialists: z.array(z.object({ practitionerRoleId: z.string(), freeSlots: z.number() })),
});
const Slots = z.object({
  days: z.array(z.object({ slots: z.array(z.object({ slotId: z.string(), start: z.string(), free: z.boolean() })) })),
});
const Patients = z.object({ patients: z.array(z.object({ patientId: z.string() })) });
const Held = z.object({ appointmentId: z.string() });

const RESIDENTS = 60;
const ROUNDS_OF_ONE_SLOT = 10;
const SIGN_IN_WIDTH = 6;

interface Booker {
  readonly client: RestClient;
  readonly patientId: string;
}

export async function signInBookers(url: string): Promise<Booker[]> {
  return pooled(
    SIGN_IN_WIDTH,
    Array.from({ length: RESIDENTS }, (_, index) => async () => {
      const client = new RestClient(url, 'resident');
      await client.signInResident(demoPhone(index));
      const { patients } = await client.expect('GET', '/patients', Patients);
      const patientId = patients[0]?.patientId;
      if (patientId === undefined) throw new Error('a seeded resident has no patient');
      return { client, patientId };
    }),
  );
}

/** Free slots of all specialists, most distant first, so that nobody's hold has begun. */
async function freeSlots(client: RestClient): Promise<{ slotId: string; start: string }[]> {
  const { specialists } = await client.expect('GET', '/specialists', Specialists);
  const lists = await pooled(
    4,
    specialists
      .filter(({ freeSlots: count }) => count > 0)
      .map(({ practitionerRoleId }) => async () => {
        const { days } = await client.expect('GET', `/specialists/${practitionerRoleId}/slots`, Slots);
        return days.flatMap(({ slots }) => slots.filter(({ free }) => free));
      }),
  );
  return lists.flat().toSorted((a, b) => b.start.localeCompare(a.start));
}

/**
 * Row 9: holds of distinct slots over HTTP, every resident at once and one request after the other; then all of them
 * at one slot, several times. A hold takes the slot's lock, checks, inserts under three constraints, audits.
 */
export async function bookingRow(bookers: readonly Booker[], full: boolean): Promise<Row> {
  const first = bookers[0];
  if (first === undefined) throw new Error('nobody to book');
  const slots = await freeSlots(first.client);
  // A resident's own bookings must not overlap: each takes one slot of each start time only.
  const byStart = [...Map.groupBy(slots, ({ start }) => start).values()].filter((group) => group.length >= 4);
  const perResident = full ? 60 : 15;
  const latencies: number[] = [];
  const refused = new Map<string, number>();
  const startedAt = performance.now();
  await Promise.all(
    bookers.map(async ({ client, patientId }, index) => {
      for (let round = 0; round < perResident; round += 1) {
        const group = byStart[(round * 7 + Math.floor(index / 4)) % byStart.length] ?? [];
        const slot = group[index % group.length];
        if (slot === undefined) continue;
        const answer = await client.send('POST', '/appointments', Held, { slotId: slot.slotId, patientId });
        latencies.push(answer.tookMs);
        if (!answer.ok) refused.set(answer.code, (refused.get(answer.code) ?? 0) + 1);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const refusals = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const booked = latencies.length - refusals;

  const hot: number[] = [];
  let doubles = 0;
  for (let round = 0; round < ROUNDS_OF_ONE_SLOT; round += 1) {
    const slot = slots[slots.length - 1 - round];
    if (slot === undefined) break;
    const answers = await Promise.all(
      bookers.map(({ client, patientId }) =>
        client.send('POST', '/appointments', Held, { slotId: slot.slotId, patientId }),
      ),
    );
    hot.push(...answers.map(({ tookMs }) => tookMs));
    doubles += Math.max(0, answers.filter(({ ok }) => ok).length - 1);
  }
  const p99 = percentile(latencies, 99);
  const hotP99 = percentile(hot, 99);
  return {
    number: 9,
    metric: `booking over HTTP, 2 replicas: ${bookers.length} residents at once; all at one slot`,
    goal: '≥ 50 % of pgbench; hot slot p99 ≤ 100 ms, zero doubles',
    result: `${Math.round(booked / seconds)} holds/s, p50 ${ms(percentile(latencies, 50))}, p99 ${ms(p99)}; hot slot p99 ${ms(hotP99)}, doubles ${doubles}`,
    yardstick: 'pgbench of the same statements: not scripted yet',
    figures: {
      booked,
      refusals,
      seconds,
      p50: percentile(latencies, 50),
      p99,
      hotP99,
      doubles,
      refusalCodes: JSON.stringify(Object.fromEntries(refused)),
    },
  };
}
