import type { Unit } from '../../store/command.ts';
import { endVisitors } from '../callPeople/invitations.ts';

/** Nobody may join any more; what the media node still has of it is ended by whoever hears of the visit's end. */
export async function closeRoom(unit: Unit, encounterId: string): Promise<void> {
  await endVisitors(unit, encounterId);
  await unit.tx
    .updateTable('room')
    .set({ closed_at: unit.now, held_at: null, held_by: null })
    .where('encounter_id', '=', encounterId)
    .where('closed_at', 'is', null)
    .execute();
  await unit.tx
    .updateTable('participant')
    .set({ rights: 'parked' })
    .where('encounter_id', '=', encounterId)
    .where('rights', '=', 'active')
    .execute();
}
