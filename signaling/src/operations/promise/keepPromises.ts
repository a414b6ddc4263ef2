import type { PromiseBreachReason } from '@cloud-hospital/protocol/states';
import type { ExpectedTime } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { localTime } from '../../domain/localTime.ts';
import { type Made, nextStep, type Step } from '../../domain/promise/nextStep.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { type LocatedPlace, locatedPlaces } from '../../store/queuePlaces.ts';
import { notify } from '../inbox/notify.ts';
import { breachReason } from './breachReason.ts';

/** Somebody whose time passes is told within this. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;
/** A new time is news for this long. Milliseconds. */
const GOOD_FOR_MS = 600_000;

const REASON_WORDS: Readonly<Record<PromiseBreachReason, string>> = {
  'longer-before': '前面的会诊比平常久',
  'urgent-before': '有急症或通话中断的患者需要先看',
  'specialist-late': '医生还没有开始接诊',
  'specialist-away': '医生暂时离开',
  'terminal-busy': '社区站的终端正在接另一位患者',
  'not-ready': '就诊准备还没有完成',
};

interface MadePromise extends Made {
  readonly id: string;
}

async function newestPromises(unit: Unit, entryIds: readonly string[]): Promise<Map<string, MadePromise>> {
  const rows = await unit.tx
    .selectFrom('promise')
    .distinctOn('queue_entry_id')
    .selectAll()
    .where('queue_entry_id', 'in', [...entryIds])
    .orderBy('queue_entry_id')
    .orderBy('made_at', 'desc')
    .execute();
  return new Map(
    rows.map((row) => [
      row.queue_entry_id,
      {
        id: row.id,
        kind: row.kind,
        madeAt: row.made_at,
        from: row.expected_from,
        to: row.expected_to,
        broken: row.broken_at !== null,
      },
    ]),
  );
}

const dates = (expected: ExpectedTime | null): { from: Date; to: Date } | null =>
  expected === null ? null : { from: new Date(expected.from), to: new Date(expected.to) };
const range = ({ from, to }: { from: Date; to: Date }): string => `${localTime(from)}–${localTime(to)}`;

/** Tells the resident once: the new time, or that there is none yet, and why. */
async function tell(
  unit: Unit,
  { place }: LocatedPlace,
  broken: MadePromise,
  reason: PromiseBreachReason,
): Promise<void> {
  const person = await unit.tx
    .selectFrom('patient')
    .select(['account_id', 'phone'])
    .where('id', '=', place.patientId)
    .executeTakeFirstOrThrow();
  const renewed = dates(place.expected);
  const told = { ticket: place.ticketNumber, before: range(broken), reason: REASON_WORDS[reason] };
  const common = {
    accountId: person.account_id,
    phone: person.phone,
    subjectId: place.queueEntryId,
    dedupeKey: `promise:${broken.id}`,
    notAfter: new Date(unit.now.getTime() + GOOD_FOR_MS),
  };
  if (renewed === null) await notify(unit, { kind: 'promise-open', params: told, ...common });
  else await notify(unit, { kind: 'promise-moved', params: { ...told, time: range(renewed) }, ...common });
}

async function breakPromise(unit: Unit, located: LocatedPlace, broken: MadePromise): Promise<void> {
  const { place } = located;
  const reason = await breachReason(unit, located, broken.madeAt);
  await unit.tx
    .updateTable('promise')
    .set({ broken_at: unit.now, broken_because: reason })
    .where('id', '=', broken.id)
    .where('broken_at', 'is', null)
    .execute();
  await unit.tx
    .updateTable('queue_entry')
    .set({ promise_breached_at: unit.now, promise_breach_reason: reason })
    .where('id', '=', place.queueEntryId)
    .execute();
  await tell(unit, located, broken, reason);
  unit.audit({
    action: 'promise:break',
    entityKind: 'QueueEntry',
    entityId: place.queueEntryId,
    patientId: place.patientId,
    reason,
  });
  // Resident and clinic see it at once; the board and the console with their next reading.
  unit.emit([topic.patient(place.patientId), topic.location(located.locationId)], 'queue-entry:changed', {
    ...place,
    promise: {
      first: place.promise?.first ?? { from: broken.from.toISOString(), to: broken.to.toISOString() },
      breachedAt: unit.now.toISOString(),
      reason,
    },
  });
}

async function take(unit: Unit, located: LocatedPlace, newest: MadePromise | null, step: Step): Promise<void> {
  if (step.break && newest !== null) await breakPromise(unit, located, newest);
  const expected = dates(located.place.expected);
  if (step.make === null || expected === null) return;
  await unit.tx
    .insertInto('promise')
    .values({
      queue_entry_id: located.place.queueEntryId,
      kind: step.make,
      made_at: unit.now,
      expected_from: expected.from,
      expected_to: expected.to,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['queue_entry_id', 'kind'])
        // Written out: with a parameter the index isn't recognised once the statement is prepared.
        .where('kind', '<>', sql.lit('renewed' as const))
        .doNothing(),
    )
    .execute();
}

/**
 * Job `queue.keep-promises`: after each change of a queue, and every minute while somebody waits in it, stores what they
 * are told and compares it with what happened. Whoever waits longer than promised is told once for each promise that
 * broke, with the new time and why. Entries that are being called at this very moment are left alone.
 * @returns how many promises were made or broken
 */
export async function keepPromises(unit: Unit, queueId: string): Promise<number> {
  const waiting = (await locatedPlaces(unit.tx, [queueId])).filter(({ place }) => place.state === 'waiting');
  if (waiting.length === 0) return 0;
  unit.schedule({
    kind: 'queue.keep-promises',
    subjectId: queueId,
    dueAt: new Date(unit.now.getTime() + LOOK_AGAIN_MS),
    atLatest: true,
  });
  const newest = await newestPromises(
    unit,
    waiting.map(({ place }) => place.queueEntryId),
  );
  const due = waiting.flatMap((located) => {
    const made = newest.get(located.place.queueEntryId) ?? null;
    const step = nextStep(made, dates(located.place.expected), unit.now);
    return step.break || step.make !== null ? [{ located, made, step }] : [];
  });
  if (due.length === 0) return 0;
  // A call that is being made holds its entry and will want this job's row: waiting for it would be a deadlock.
  const free = await unit.tx
    .selectFrom('queue_entry')
    .select('id')
    .where(
      'id',
      'in',
      due.map(({ located }) => located.place.queueEntryId),
    )
    .where('state', '=', 'waiting')
    .forUpdate()
    .skipLocked()
    .execute();
  const ids = new Set(free.map(({ id }) => id));
  const now = due.filter(({ located }) => ids.has(located.place.queueEntryId));
  await Promise.all(now.map(({ located, made, step }) => take(unit, located, made, step)));
  return now.length;
}
