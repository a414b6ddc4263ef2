import type { Unit } from '../../store/command.ts';
import { lockSpecialistOfEncounter } from '../queue/lockQueue.ts';
import { activeEntryOf } from '../queue/moveEntry.ts';
import { lockEncounter, moveEncounter } from './changeEncounter.ts';

/**
 * The first media connected after an answer: the consultation begins, or goes on after it was parked.
 * @returns false when it runs already, is over, or nobody answered the call
 */
export async function beginEncounter(unit: Unit, encounterId: string): Promise<boolean> {
  const queue = await lockSpecialistOfEncounter(unit, encounterId);
  if (queue === undefined) return false;
  const entry = await activeEntryOf(unit, queue, encounterId);
  const encounter = await lockEncounter(unit, encounterId);
  if (entry?.state !== 'serving' || encounter === undefined) return false;
  if (encounter.status !== 'arrived' && encounter.status !== 'onleave') return false;
  await moveEncounter(unit, encounter, 'in-progress', {
    started_at: encounter.startedAt ?? unit.now,
    onleave_at: null,
  });
  unit.cancelJobs('encounter.interrupt', encounterId);
  unit.audit({
    action: 'encounter:begin',
    entityKind: 'Encounter',
    entityId: encounterId,
    patientId: encounter.patientId,
    reason: encounter.status === 'onleave' ? 'resumed' : null,
  });
  return true;
}
