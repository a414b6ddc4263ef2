import type { Config } from '../../config.ts';
import type { Unit } from '../../store/command.ts';
import { parkEncounter } from './parkEncounter.ts';

/**
 * Job `encounter.park`: everyone was gone two minutes ago. Whoever came back meanwhile keeps the call.
 * @returns false when somebody is there, or no answered call runs
 */
export async function parkIfEmpty(
  unit: Unit,
  encounterId: string,
  config: Pick<Config, 'INTERRUPT_AFTER_SECONDS'>,
): Promise<boolean> {
  // The same lock as joins and departures take first.
  await unit.tx.selectFrom('room').select('id').where('encounter_id', '=', encounterId).forUpdate().execute();
  const present = await unit.tx
    .selectFrom('participant')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('connected', '=', true)
    .executeTakeFirst();
  return present === undefined && parkEncounter(unit, encounterId, config);
}
