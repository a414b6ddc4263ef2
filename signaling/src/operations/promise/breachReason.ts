import type { PromiseBreachReason } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import type { Unit } from '../../store/command.ts';
import type { LocatedPlace } from '../../store/queuePlaces.ts';

/**
 * Why somebody waits longer than they were told, by what happened since: the specialist isn't there, the clinic's
 * terminal was taken, something was missing when the turn came, somebody with precedence went first. Else the
 * consultations before took longer than such consultations usually do.
 * @param madeAt of the promise that broke
 */
export async function breachReason(unit: Unit, located: LocatedPlace, madeAt: Date): Promise<PromiseBreachReason> {
  const { place, notReady } = located;
  if (place.noPromise === 'late') return 'specialist-late';
  if (place.noPromise !== null || place.availability === 'break' || place.availability === 'off') {
    return 'specialist-away';
  }
  if (notReady === 'terminal-busy' || notReady === 'patient-busy') return 'terminal-busy';
  if (notReady !== null && place.position === 1) return 'not-ready';
  const { rows } = await sql<{ passed: string | null; precedence: boolean }>`
    SELECT
      (SELECT reason FROM queue_overtaking
        WHERE queue_entry_id = ${place.queueEntryId} AND at > ${madeAt} ORDER BY id DESC LIMIT 1) AS passed,
      EXISTS (
        SELECT FROM queue_entry other
        WHERE other.queue_id = ${located.queueId} AND other.id <> ${place.queueEntryId}
          AND (other.urgent AND other.checked_in_at > ${madeAt} OR other.returned_at > ${madeAt})
          AND (other.state IN ('called', 'serving') OR other.called_at > ${madeAt})
      ) AS precedence`.execute(unit.tx);
  const [row] = rows;
  if (row?.passed === 'terminal-busy' || row?.passed === 'patient-busy') return 'terminal-busy';
  if (row?.passed === 'urgent' || row?.precedence === true) return 'urgent-before';
  if (row?.passed === 'not-ready' || row?.passed === 'consent') return 'not-ready';
  return 'longer-before';
}
