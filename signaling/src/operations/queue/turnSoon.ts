import type { Unit } from '../../store/command.ts';
import { notify } from '../inbox/notify.ts';
import { proxyOfVisit } from '../inbox/proxy.ts';
import { computePlaces } from './places.ts';

/** So many ahead, and the turn is near. */
const TURN_SOON_AHEAD = 2;
/** Older news of a place is no news. Milliseconds. */
const GOOD_FOR_MS = 300_000;

/**
 * Job `queue.turn-soon`: tells whoever has two or fewer people ahead, once a visit, while the specialist is there: a
 * promise of nobody would be none.
 * @returns how many were told now or before
 */
export async function turnSoon(unit: Unit, queueId: string): Promise<number> {
  const near = (await computePlaces(unit.tx, queueId)).filter(
    ({ state, ahead, availability }) =>
      state === 'waiting' && ahead <= TURN_SOON_AHEAD && (availability === 'available' || availability === 'in-call'),
  );
  if (near.length === 0) return 0;
  const people = await unit.tx
    .selectFrom('queue_entry')
    .innerJoin('patient', 'patient.id', 'queue_entry.patient_id')
    .innerJoin('location', 'location.id', 'queue_entry.location_id')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .select([
      'queue_entry.id',
      'queue_entry.encounter_id',
      'patient.account_id',
      'patient.phone',
      'location.name_zh as clinic',
      'encounter.by_phone',
    ])
    .where(
      'queue_entry.id',
      'in',
      near.map(({ queueEntryId }) => queueEntryId),
    )
    .execute();
  const byEntry = new Map(people.map((person) => [person.id, person]));
  for (const { queueEntryId, ticketNumber, ahead } of near) {
    const person = byEntry.get(queueEntryId);
    if (person === undefined) continue;
    await notify(unit, {
      kind: 'turn-soon',
      params: { ticket: ticketNumber, ahead: String(ahead), clinic: person.clinic },
      byPhone: person.by_phone,
      accountId: person.account_id,
      phone: person.phone,
      proxy: await proxyOfVisit(unit, person.encounter_id),
      subjectId: queueEntryId,
      dedupeKey: `turn-soon:${queueEntryId}`,
      notAfter: new Date(unit.now.getTime() + GOOD_FOR_MS),
    });
  }
  return near.length;
}
