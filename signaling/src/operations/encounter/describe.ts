import type { Encounter } from '@cloud-hospital/protocol/rest';
import type { Unit } from '../../store/command.ts';
import { encounterView } from '../../store/encounter.view.ts';
import type { RecordContext } from './visibility.ts';

/** The chart as it is now inside the transaction. Auditing is the caller's: one event for what it did. */
export const describeEncounter = (context: RecordContext, unit: Unit, encounterId: string): Promise<Encounter> =>
  encounterView(unit.tx, encounterId, {
    publicOrigin: context.publicOrigin,
    withDraft: context.agent.role === 'specialist',
    now: unit.now,
  });
