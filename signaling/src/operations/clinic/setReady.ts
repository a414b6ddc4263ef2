import { AppError } from '@cloud-hospital/protocol';
import { Encounter, type ReadyInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import { staffLocation } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertConsent } from '../encounter/assertConsent.ts';
import { touchEncounter } from '../encounter/changeEncounter.ts';
import { describeEncounter } from '../encounter/describe.ts';
import { lockVisibleEncounter, type RecordContext } from '../encounter/visibility.ts';
import { bumpQueue } from '../queue/lockQueue.ts';
import { activeEntryOf } from '../queue/moveEntry.ts';
import { seatTerminal, terminalFor } from './admit.ts';

/**
 * Staff say that the resident sits before the terminal, or no longer does. The visit is then called on this terminal, also one that began on the resident's phone.
 * @throws AppError CONSENT_REQUIRED, NOT_READY without a terminal, INVALID_TRANSITION when it is not waiting
 */
export const setReady = (
  services: Services,
  context: RecordContext,
  input: z.infer<typeof ReadyInput>,
): Promise<Encounter> =>
  runVisibleOnce(
    services,
    context,
    { action: 'clinic.setReady', request: input, response: Encounter },
    async (unit) => {
      const actor = context.agent;
      const { queue, encounter } = await lockVisibleEncounter(unit, actor, 'encounter:prepare', input.encounterId);
      const entry = await activeEntryOf(unit, queue, encounter.id);
      if (entry?.state !== 'waiting') {
        throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry?.state ?? 'left' });
      }
      if (input.ready) {
        await assertConsent(unit, encounter.id);
        const deviceId = await terminalFor(unit, actor, staffLocation(actor), encounter.deviceId);
        if (deviceId === null) throw new AppError('NOT_READY', { reason: 'no-terminal' });
        await seatTerminal(unit, encounter.id, deviceId);
        await unit.tx
          .updateTable('queue_entry')
          .set((eb) => ({ device_id: deviceId, version: eb('version', '+', 1) }))
          .where('id', '=', entry.id)
          .execute();
        await touchEncounter(unit, encounter, { ready_at: unit.now, device_id: deviceId, by_phone: false });
      } else {
        await touchEncounter(unit, encounter, { ready_at: null });
      }
      await bumpQueue(unit, queue);
      unit.audit({
        action: 'encounter:prepare',
        entityKind: 'Encounter',
        entityId: encounter.id,
        patientId: encounter.patientId,
        details: { ready: input.ready },
      });
      return describeEncounter(context, unit, encounter.id);
    },
  );
