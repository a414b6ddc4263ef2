import { sql } from 'kysely';
import type { Config } from '../../config.ts';
import { dayBounds, localDate } from '../../domain/localTime.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { notify } from '../inbox/notify.ts';
import { bumpQueue, type LockedQueue, lockQueueOf } from './lockQueue.ts';

type LateConfig = Pick<Config, 'LATE_ALERT_SECONDS' | 'LATE_TELL_SECONDS'>;

/** Whoever is booked within this time after the message has use of it. Milliseconds. */
const TELL_AHEAD_MS = 2 * 3_600_000;
const after = (start: Date, seconds: number): Date => new Date(start.getTime() + seconds * 1000);

/** Somebody will be due then: look a little later whether their specialist is there. */
export function watchForLateStart(unit: Unit, config: LateConfig, subjectId: string, start: Date): void {
  unit.schedule({
    kind: 'session.late-alert',
    subjectId,
    // A booking that moved is another start.
    token: start.toISOString(),
    dueAt: after(start, config.LATE_ALERT_SECONDS),
  });
}

/** The specialist of an appointment that is still expected, or of a visit that waits. */
async function specialistOf(unit: Unit, subjectId: string): Promise<string | undefined> {
  const { rows } = await sql<{ role_id: string }>`
    SELECT practitioner_role_id AS role_id FROM appointment
    WHERE id = ${subjectId} AND status IN ('booked', 'checked-in') AND practitioner_role_id IS NOT NULL
    UNION ALL
    SELECT practitioner_role_id FROM encounter
    WHERE id = ${subjectId} AND status = 'arrived' AND practitioner_role_id IS NOT NULL`.execute(unit.tx);
  return rows[0]?.role_id;
}

/**
 * Since when somebody should have been seen: the earliest start of those who are booked or here, or for those without
 * an appointment the slot in which they came.
 * @returns null while nobody has waited in vain for so long, or no session is going on
 */
async function inVainSince(unit: Unit, queue: LockedQueue, config: LateConfig): Promise<Date | null> {
  const { start } = dayBounds(localDate(unit.now));
  const limit = new Date(unit.now.getTime() - config.LATE_ALERT_SECONDS * 1000);
  const { rows } = await sql<{ since: Date | null }>`
    SELECT min(since) AS since FROM (
      SELECT lower(period) AS since FROM appointment
      WHERE practitioner_role_id = ${queue.practitionerRoleId} AND status = 'booked' AND lower(period) >= ${start}
      UNION ALL
      SELECT coalesce(entry.scheduled_start, greatest(entry.checked_in_at, lower(slot.period))) FROM queue_entry entry
      LEFT JOIN slot ON entry.scheduled_start IS NULL AND slot.practitioner_role_id = ${queue.practitionerRoleId}
        AND slot.status <> 'busy-unavailable' AND slot.period @> ${limit}::timestamptz
      WHERE entry.queue_id = ${queue.id} AND entry.state = 'waiting'
        AND (entry.scheduled_start IS NOT NULL OR slot.id IS NOT NULL)
    ) due WHERE since <= ${limit}`.execute(unit.tx);
  return rows[0]?.since ?? null;
}

/**
 * Job `session.late-alert`: some minutes after somebody was due. If their specialist is off, the hospital's coordinator
 * sees it on the board, once a session, and everybody is told a little later.
 * @returns false when the specialist is there, or it is known already
 */
export async function alertLateStart(unit: Unit, config: LateConfig, subjectId: string): Promise<boolean> {
  const roleId = await specialistOf(unit, subjectId);
  if (roleId === undefined) return false;
  const queue = await lockQueueOf(unit, roleId);
  if (queue.availability !== 'off') return false;
  const since = await inVainSince(unit, queue, config);
  if (since === null) return false;
  const open = await unit.tx
    .selectFrom('late_start')
    .select('id')
    .where('practitioner_role_id', '=', roleId)
    .where('resolved_at', 'is', null)
    .where('session_start', '>=', dayBounds(localDate(unit.now)).start)
    .executeTakeFirst();
  if (open !== undefined) return false;
  const late = await unit.tx
    .insertInto('late_start')
    .values({ practitioner_role_id: roleId, session_start: since, alerted_at: unit.now })
    .onConflict((conflict) =>
      conflict
        .columns(['practitioner_role_id', 'session_start'])
        .doUpdateSet({ alerted_at: unit.now, told_at: null, resolved_at: null }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  unit.schedule({
    kind: 'session.late-tell',
    subjectId: late.id,
    token: unit.now.toISOString(),
    dueAt: after(since, config.LATE_TELL_SECONDS),
  });
  await bumpQueue(unit, queue);
  unit.audit({
    action: 'queue:late-alert',
    entityKind: 'PractitionerRole',
    entityId: roleId,
    details: { since: since.toISOString() },
  });
  return true;
}

/**
 * Job `session.late-tell`: still nobody there. Whoever waits or is booked soon hears it and is offered a substitute or
 * another time; their pages and the terminals show it at once.
 * @returns false when the specialist came meanwhile
 */
export async function tellLateStart(unit: Unit, lateStartId: string): Promise<boolean> {
  const late = await unit.tx
    .selectFrom('late_start')
    .select(['practitioner_role_id', 'resolved_at', 'told_at'])
    .where('id', '=', lateStartId)
    .executeTakeFirst();
  if (late === undefined || late.resolved_at !== null || late.told_at !== null) return false;
  const queue = await lockQueueOf(unit, late.practitioner_role_id);
  if (queue.availability !== 'off') return false;
  const told = await unit.tx
    .updateTable('late_start')
    .set({ told_at: unit.now })
    .where('id', '=', lateStartId)
    .where('resolved_at', 'is', null)
    .where('told_at', 'is', null)
    .executeTakeFirst();
  if (told.numUpdatedRows === 0n) return false;
  const { rows: people } = await sql<{
    patient_id: string;
    location_id: string | null;
    account_id: string | null;
    phone: string | null;
    specialist: string;
  }>`
    SELECT patient.id AS patient_id, due.location_id, patient.account_id, patient.phone, practitioner.name AS specialist
    FROM (
      SELECT patient_id, location_id FROM queue_entry WHERE queue_id = ${queue.id} AND state = 'waiting'
      UNION
      SELECT patient_id, location_id FROM appointment
      WHERE practitioner_role_id = ${queue.practitionerRoleId} AND status = 'booked'
        AND lower(period) BETWEEN ${dayBounds(localDate(unit.now)).start} AND ${new Date(unit.now.getTime() + TELL_AHEAD_MS)}
    ) due
    JOIN patient ON patient.id = due.patient_id
    JOIN practitioner_role role ON role.id = ${queue.practitionerRoleId}
    JOIN practitioner ON practitioner.id = role.practitioner_id`.execute(unit.tx);
  for (const person of people) {
    await notify(unit, {
      kind: 'specialist-late',
      params: { specialist: person.specialist },
      accountId: person.account_id,
      phone: person.phone,
      subjectId: lateStartId,
      dedupeKey: `late:${lateStartId}:${person.patient_id}`,
    });
  }
  const clinics = new Set(people.flatMap((one) => (one.location_id === null ? [] : [one.location_id])));
  if (clinics.size > 0) unit.emit([...clinics].map(topic.location), 'worklist:changed', {});
  await bumpQueue(unit, queue);
  unit.audit({
    action: 'queue:late-tell',
    entityKind: 'PractitionerRole',
    entityId: queue.practitionerRoleId,
    details: { told: people.length },
  });
  return true;
}
