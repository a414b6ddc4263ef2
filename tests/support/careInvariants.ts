import {
  APPOINTMENT_TRANSITIONS,
  ENCOUNTER_TRANSITIONS,
  QUEUE_ENTRY_TRANSITIONS,
  SLOT_TRANSITIONS,
} from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Db } from '../../signaling/src/store/database.ts';

/**
 * What must be true of appointments, slots, visits and queues at every moment, each as a query that finds violations.
 * Property tests ask after every step, fault tests at their end.
 */
const CHECKS: Readonly<Record<string, string>> = {
  'a specialist has overlapping active appointments': `
    SELECT a.id FROM appointment a JOIN appointment b
      ON a.practitioner_id = b.practitioner_id AND a.id < b.id AND a.period && b.period
    WHERE a.status IN ('pending', 'booked', 'checked-in', 'fulfilled')
      AND b.status IN ('pending', 'booked', 'checked-in', 'fulfilled')`,
  'a patient has overlapping active appointments': `
    SELECT a.id FROM appointment a JOIN appointment b
      ON a.patient_id = b.patient_id AND a.id < b.id AND a.period && b.period
    WHERE a.status IN ('pending', 'booked', 'checked-in', 'fulfilled')
      AND b.status IN ('pending', 'booked', 'checked-in', 'fulfilled')`,
  'a slot’s status differs from its appointment’s': `
    SELECT slot.id FROM slot
    LEFT JOIN appointment ON appointment.slot_id = slot.id
      AND appointment.status IN ('pending', 'booked', 'checked-in', 'fulfilled')
    WHERE slot.status <> 'busy-unavailable' AND slot.status <> CASE
      WHEN appointment.id IS NULL THEN 'free' WHEN appointment.status = 'pending' THEN 'busy-tentative' ELSE 'busy' END
      AND NOT EXISTS (SELECT FROM appointment gone WHERE gone.slot_id = slot.id AND gone.status = 'noshow')`,
  'two tickets of a specialist’s day have one number': `
    SELECT min(id::text) AS id FROM appointment WHERE ticket_number IS NOT NULL
    GROUP BY practitioner_role_id, (lower(period) AT TIME ZONE 'Asia/Shanghai')::date, ticket_number HAVING count(*) > 1`,
  'a terminal is in two calls': `
    SELECT min(id::text) AS id FROM queue_entry WHERE state IN ('called', 'serving') AND device_id IS NOT NULL
    GROUP BY device_id HAVING count(*) > 1`,
  'a patient is in two calls': `
    SELECT min(id::text) AS id FROM queue_entry WHERE state IN ('called', 'serving')
    GROUP BY patient_id HAVING count(*) > 1`,
  'a specialist is in two calls': `
    SELECT min(id::text) AS id FROM queue_entry WHERE state IN ('called', 'serving')
    GROUP BY called_by HAVING count(*) > 1`,
  'a visit is in two queues': `
    SELECT min(id::text) AS id FROM queue_entry WHERE state IN ('waiting', 'called', 'serving')
    GROUP BY encounter_id HAVING count(*) > 1`,
  'an entry is called by somebody else than its queue’s specialist': `
    SELECT entry.id FROM queue_entry entry JOIN queue ON queue.id = entry.queue_id
    WHERE entry.state IN ('called', 'serving') AND entry.called_by IS DISTINCT FROM queue.practitioner_role_id`,
  'somebody is called whose terminal or consent is missing': `
    SELECT entry.id FROM queue_entry entry
    WHERE entry.state = 'called' AND (entry.device_id IS NULL OR NOT EXISTS (
      SELECT FROM consent WHERE consent.encounter_id = entry.encounter_id AND purpose = 'consultation'
        AND (status = 'active' OR ended_at >= entry.called_at)))`,
  'an open visit has no place, or a closed one has': `
    SELECT encounter.id FROM encounter
    LEFT JOIN queue_entry entry ON entry.encounter_id = encounter.id AND entry.state IN ('waiting', 'called', 'serving')
    WHERE (encounter.status IN ('arrived', 'in-progress', 'onleave')) <> (entry.id IS NOT NULL)`,
  'a consultation runs without being served, or is parked while it is': `
    SELECT encounter.id FROM encounter
    JOIN queue_entry entry ON entry.encounter_id = encounter.id AND entry.state IN ('waiting', 'called', 'serving')
    WHERE (encounter.status = 'in-progress' AND entry.state <> 'serving')
       OR (encounter.status = 'onleave' AND entry.state = 'waiting' AND entry.returned_at IS NULL)`,
  'an appointment and its visit tell different stories': `
    SELECT appointment.id FROM appointment LEFT JOIN encounter ON encounter.appointment_id = appointment.id
    WHERE (appointment.status IN ('checked-in', 'fulfilled')) <> (encounter.id IS NOT NULL AND encounter.status <> 'cancelled')
       OR (appointment.status = 'fulfilled') <> (encounter.status IS NOT DISTINCT FROM 'finished')`,
  'a specialist’s availability differs from their calls': `
    SELECT availability.practitioner_role_id AS id FROM availability
    CROSS JOIN LATERAL (SELECT EXISTS (
      SELECT FROM queue_entry WHERE called_by = availability.practitioner_role_id AND queue_entry.state IN ('called', 'serving')
    ) AS own, EXISTS (
      SELECT FROM call_invitation WHERE to_role_id = availability.practitioner_role_id AND call_invitation.state = 'accepted'
    ) AS asked_in) calls
    WHERE own AND (state <> 'in-call' OR asked_in) OR state = 'in-call' AND NOT own AND NOT asked_in`,
  'somebody has a right to the room of a visit that is over': `
    SELECT encounter.id FROM encounter WHERE status IN ('finished', 'cancelled') AND (
      EXISTS (SELECT FROM guest_link WHERE encounter_id = encounter.id AND guest_link.ended_at IS NULL)
      OR EXISTS (SELECT FROM call_invitation WHERE encounter_id = encounter.id AND state IN ('ringing', 'accepted')))`,
  'a visit’s specialist isn’t its queue’s, or somebody of a pool has one': `
    SELECT entry.id FROM queue_entry entry
    JOIN queue ON queue.id = entry.queue_id
    JOIN encounter ON encounter.id = entry.encounter_id
    WHERE entry.state IN ('waiting', 'called', 'serving')
      AND (encounter.practitioner_role_id IS DISTINCT FROM queue.practitioner_role_id
        OR (queue.kind = 'pool') <> (encounter.practitioner_id IS NULL))`,
  'another specialist than the visit’s takes part in it': `
    SELECT encounter.id FROM encounter
    JOIN participant ON participant.encounter_id = encounter.id AND participant.role = 'specialist' AND removed_at IS NULL
    WHERE encounter.status IN ('arrived', 'in-progress', 'onleave')
      AND participant.practitioner_role_id IS DISTINCT FROM encounter.practitioner_role_id`,
  'somebody is called out of a pool, or a consultation begun, in the pool itself': `
    SELECT entry.id FROM queue_entry entry JOIN queue ON queue.id = entry.queue_id
    JOIN encounter ON encounter.id = entry.encounter_id
    WHERE queue.kind = 'pool' AND (entry.state IN ('called', 'serving') OR encounter.status IN ('in-progress', 'onleave'))`,
  'somebody waits who was called out of a pool and isn’t back in it': `
    SELECT id FROM queue_entry WHERE state IN ('waiting', 'serving') AND pool_id IS NOT NULL`,
  'people wait in a pool that nobody calls from': `
    SELECT entry.id FROM queue_entry entry JOIN queue pool ON pool.id = entry.queue_id AND pool.kind = 'pool'
    WHERE entry.state = 'waiting' AND NOT EXISTS (
      SELECT FROM practitioner_role member JOIN availability ON availability.practitioner_role_id = member.id
      WHERE member.department_code = pool.department_code AND member.active AND takes_pool)`,
  // Answered calls make a pool's people the specialist's; everything else that moves somebody is a transfer.
  'somebody who waits came into another queue without a record': `
    SELECT entry.id FROM queue_entry entry
    LEFT JOIN LATERAL (
      SELECT to_queue_id FROM queue_transfer WHERE queue_entry_id = entry.id ORDER BY queue_transfer.id DESC LIMIT 1
    ) last_transfer ON true
    WHERE entry.state = 'waiting' AND entry.returned_at IS NULL
      AND entry.queue_id <> coalesce(last_transfer.to_queue_id, entry.admitted_to, entry.queue_id)`,
  'an offer of the waiting list is open without its hold, or a hold of the list without its offer': `
    SELECT coalesce(offer.appointment_id, held.id) AS id
    FROM (SELECT * FROM waitlist_offer WHERE outcome = 'open') offer
    FULL JOIN (SELECT * FROM appointment WHERE status = 'pending' AND waitlisted_at IS NOT NULL) held
      ON held.id = offer.appointment_id AND held.slot_id = offer.slot_id
    WHERE offer.id IS NULL OR held.id IS NULL`,
  'somebody who waits on a list has a time': `
    SELECT id FROM appointment WHERE status = 'waitlist' AND (slot_id IS NOT NULL OR period IS NOT NULL)`,
  'a released time is kept from the public while its list was never asked': `
    SELECT slot.id FROM slot WHERE status = 'free' AND waitlist_until > now() AND NOT EXISTS (
      SELECT FROM job WHERE kind = 'waitlist.offer' AND subject_id = slot.id)`,
  'a booked time is out of the schedule and nobody is asked what to do instead': `
    SELECT appointment.id FROM appointment JOIN slot ON slot.id = appointment.slot_id
    WHERE appointment.status IN ('booked', 'checked-in') AND slot.status = 'busy-unavailable'
      AND NOT EXISTS (SELECT FROM schedule_change WHERE appointment_id = appointment.id AND status = 'open')`,
  'a case is open about an appointment that is over or has its time': `
    SELECT schedule_change.id FROM schedule_change
    JOIN appointment ON appointment.id = schedule_change.appointment_id
    JOIN slot ON slot.id = appointment.slot_id
    WHERE schedule_change.status = 'open'
      AND (appointment.status NOT IN ('booked', 'checked-in') OR slot.status <> 'busy-unavailable')`,
  'an accepted proposal led to no booking of the same person': `
    SELECT schedule_change.id FROM schedule_change
    LEFT JOIN appointment ON appointment.id = schedule_change.new_appointment_id
      AND appointment.patient_id = schedule_change.patient_id
      AND appointment.previous_appointment_id = schedule_change.appointment_id
    WHERE schedule_change.status = 'accepted' AND appointment.id IS NULL`,
  'a specialist who is there counts as late': `
    SELECT late_start.id FROM late_start JOIN availability USING (practitioner_role_id)
    WHERE resolved_at IS NULL AND availability.state <> 'off'`,
  'a specialist is late twice at once': `
    SELECT min(id::text) AS id FROM late_start WHERE resolved_at IS NULL GROUP BY practitioner_role_id HAVING count(*) > 1`,
  'a promise was not settled by its call': `
    SELECT promise.id FROM promise JOIN queue_entry entry ON entry.id = promise.queue_entry_id
    WHERE promise.called_at IS NULL AND entry.state IN ('called', 'serving', 'done')`,
  'a finished consultation has no outcome': `
    SELECT id FROM encounter WHERE status = 'finished' AND (outcome IS NULL OR ended_at IS NULL)`,
  'a closed visit’s room is open, or somebody still has rights in it': `
    SELECT encounter.id FROM encounter JOIN room ON room.encounter_id = encounter.id
    WHERE encounter.status IN ('finished', 'cancelled') AND (room.closed_at IS NULL OR EXISTS (
      SELECT FROM participant WHERE participant.encounter_id = encounter.id AND rights = 'active'))`,
};

/** One statement, so that all of it is asked of one snapshot. */
const ALL_CHECKS = Object.entries(CHECKS)
  .map(([what, query]) => `SELECT '${what}' AS what, violation.id::text FROM (${query}) violation`)
  .join(' UNION ALL ');

/** @returns what is violated, with the ids; empty: everything holds */
export async function violations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string; id: string }>`${sql.raw(ALL_CHECKS)}`.execute(db);
  return rows.map(({ what, id }) => `${what}: ${id}`);
}

const TABLES = {
  appointment: { column: 'status', transitions: APPOINTMENT_TRANSITIONS },
  slot: { column: 'status', transitions: SLOT_TRANSITIONS },
  queue_entry: { column: 'state', transitions: QUEUE_ENTRY_TRANSITIONS },
  encounter: { column: 'status', transitions: ENCOUNTER_TRANSITIONS },
} as const;
type Tracked = keyof typeof TABLES;

/** The state of every thing that has a transition table, by its id. */
export type States = Readonly<Record<Tracked, ReadonlyMap<string, string>>>;

export async function readStates(db: Db): Promise<States> {
  const read = async (table: Tracked): Promise<Map<string, string>> => {
    const { rows } = await sql<{ id: string; state: string }>`
      SELECT id, ${sql.ref(TABLES[table].column)} AS state FROM ${sql.table(table)}`.execute(db);
    return new Map(rows.map((row) => [row.id, row.state]));
  };
  const [appointment, slot, queue_entry, encounter] = await Promise.all([
    read('appointment'),
    read('slot'),
    read('queue_entry'),
    read('encounter'),
  ]);
  return { appointment, slot, queue_entry, encounter };
}

/**
 * Changes that no path through the transition table explains: a terminal state that was left, a state that can't follow.
 * Several commands may lie between the two readings.
 */
export function impossibleChanges(before: States, after: States): string[] {
  return (Object.keys(TABLES) as Tracked[]).flatMap((table) => {
    const transitions: Readonly<Record<string, readonly string[]>> = TABLES[table].transitions;
    return [...before[table]].flatMap(([id, from]) => {
      const to = after[table].get(id);
      if (to === undefined) return [`${table} ${id} vanished`];
      return to === from || isReachable(transitions, from, to) ? [] : [`${table} ${id}: ${from} → ${to}`];
    });
  });
}

function isReachable(transitions: Readonly<Record<string, readonly string[]>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of transitions[state] ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return false;
}
