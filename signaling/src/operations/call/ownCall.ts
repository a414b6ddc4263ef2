import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { lockVisibleEncounter } from '../encounter/visibility.ts';
import { ringsHere } from '../queue/answerCall.ts';
import { activeEntryOf, type LockedEntry } from '../queue/moveEntry.ts';

/**
 * The active entry of a visit whose call rings, or runs, at the actor's own terminal or phone.
 * @throws AppError NOT_FOUND for a foreign visit, and for one at another terminal
 */
export async function lockOwnCall(unit: Unit, actor: Actor, encounterId: EncounterId): Promise<LockedEntry> {
  const { queue, encounter } = await lockVisibleEncounter(unit, actor, 'call:answer', encounterId);
  const entry = await activeEntryOf(unit, queue, encounterId);
  if (entry === undefined || !ringsHere(actor, encounter, entry)) {
    throw new AppError('NOT_FOUND');
  }
  return entry;
}
