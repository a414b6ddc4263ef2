import type { Unit } from '../../store/command.ts';
import { lockSpecialistOfEncounter } from '../queue/lockQueue.ts';
import { lockEncounter } from './changeEncounter.ts';
import { concludeEncounter } from './concludeEncounter.ts';

/**
 * Job `encounter.interrupt`: nobody resumed a parked consultation.
 * @returns false when it was resumed or ended meanwhile
 */
export async function interruptEncounter(unit: Unit, encounterId: string): Promise<boolean> {
  const queue = await lockSpecialistOfEncounter(unit, encounterId);
  if (queue === undefined) return false;
  const encounter = await lockEncounter(unit, encounterId);
  if (encounter?.status !== 'onleave') return false;
  await concludeEncounter(unit, queue, encounter, 'interrupted');
  unit.audit({
    action: 'encounter:interrupt',
    entityKind: 'Encounter',
    entityId: encounterId,
    patientId: encounter.patientId,
    reason: 'interrupted',
  });
  return true;
}
