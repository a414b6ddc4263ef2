import { randomUUID } from 'node:crypto';
import type { Unit } from '../../store/command.ts';
import { tellRecording } from './mark.ts';

/** Nothing is recorded while the specialist holds the call: what is said then isn't the resident's. */
export async function holdRecording(unit: Unit, encounterId: string, hold: boolean): Promise<void> {
  const running = await unit.tx
    .selectFrom('recording')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('stopped_at', 'is', null)
    .executeTakeFirst();
  if (running === undefined) return;
  if (hold) {
    await unit.tx
      .insertInto('recording_gap')
      .values({
        id: randomUUID(),
        recording_id: running.id,
        participant_id: null,
        reason: 'on-hold',
        began_at: unit.now,
        ended_at: null,
      })
      .execute();
  } else {
    await unit.tx
      .updateTable('recording_gap')
      .set({ ended_at: unit.now })
      .where('recording_id', '=', running.id)
      .where('reason', '=', 'on-hold')
      .where('ended_at', 'is', null)
      .execute();
  }
  await tellRecording(unit, encounterId);
}
