import type { PromiseBreachReason } from '@cloud-hospital/protocol/states';
import type { Insertable } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { PromiseTable } from '../store/promise.schema.ts';
import { insertAll } from './insertAll.ts';
import type { Random } from './random.ts';

const MINUTE_MS = 60_000;
/** As far back as anybody looks at a day's numbers. */
const DAYS = 30;
/** Stated is 80 %; the simulated days keep somewhat more (tests/support/simulatedDays). */
const KEPT = 0.86;
const BROKEN_BECAUSE: readonly PromiseBreachReason[] = [
  'longer-before',
  'longer-before',
  'longer-before',
  'urgent-before',
  'terminal-busy',
  'not-ready',
];

interface Visit {
  readonly id: string;
  readonly checked_in_at: Date;
  readonly called_at: Date;
}

const later = (time: Date, minutes: number): Date => new Date(time.getTime() + minutes * MINUTE_MS);
const latest = (one: Date, other: Date): Date => (one > other ? one : other);

/** What the person was told at check-in, and, if it broke, the time that replaced it. */
function promisesOf(random: Random, visit: Visit): Insertable<PromiseTable>[] {
  const { called_at: calledAt } = visit;
  const madeAt = later(visit.checked_in_at, 0.1);
  const told = { queue_entry_id: visit.id, called_at: calledAt };
  // Who waited some minutes only can't have been put off.
  const mayBreak = calledAt.getTime() - madeAt.getTime() > 12 * MINUTE_MS;
  if (!mayBreak || random.chance(KEPT)) {
    const from = latest(later(calledAt, -random.int(3, 12)), madeAt);
    return [
      { ...told, kind: 'first', made_at: madeAt, expected_from: from, expected_to: later(calledAt, random.int(2, 9)) },
    ];
  }
  const to = later(calledAt, -random.int(4, 9));
  return [
    {
      ...told,
      kind: 'first',
      made_at: madeAt,
      expected_from: latest(later(to, -random.int(8, 14)), madeAt),
      expected_to: to,
      broken_at: to,
      broken_because: random.pick(BROKEN_BECAUSE),
    },
    {
      ...told,
      kind: 'renewed',
      made_at: to,
      expected_from: latest(later(calledAt, -3), to),
      expected_to: later(calledAt, random.int(3, 8)),
    },
  ];
}

/** What the people of the last month's history were told, most of it kept: so that the district has a share to show. */
export async function seedPromises(tx: Tx, random: Random, now: Date): Promise<void> {
  const rows = await tx
    .selectFrom('queue_entry')
    .select(['id', 'checked_in_at', 'called_at'])
    .where('state', '=', 'done')
    .where('checked_in_at', '>', later(now, -DAYS * 24 * 60))
    .orderBy('checked_in_at')
    .orderBy('encounter_id')
    .execute();
  const promises = rows.flatMap(({ called_at: calledAt, ...row }) =>
    calledAt === null ? [] : promisesOf(random, { ...row, called_at: calledAt }),
  );
  await insertAll(tx, 'promise', promises);
}
