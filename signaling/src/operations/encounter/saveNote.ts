import { AppError, Instant } from '@cloud-hospital/protocol';
import type { NoteInput } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { lockEncounter } from './changeEncounter.ts';
import { assertVisibleEncounter } from './visibility.ts';

const Output = z.object({ version: z.int(), savedAt: Instant });
/** Saves closer together than this are one editing session and leave one AuditEvent. */
const SESSION_GAP_MS = 3_600_000;

/**
 * Keeps the specialist's draft; each save replaces the one before. After signing it is the draft of an amendment.
 * @throws AppError VERSION_CONFLICT when another tab saved a newer draft, INVALID_TRANSITION for a cancelled visit,
 * NOT_FOUND
 */
export const saveNote = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof NoteInput>,
): Promise<z.infer<typeof Output>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'encounters.saveNote', request: input, response: Output },
    async (unit) => {
      const actor = context.agent;
      await assertVisibleEncounter(unit, actor, 'note:write', input.encounterId);
      const encounter = await lockEncounter(unit, input.encounterId);
      if (encounter === undefined) throw new AppError('NOT_FOUND');
      if (encounter.status === 'cancelled') {
        throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: encounter.status });
      }
      const draft = await unit.tx
        .selectFrom('note_draft')
        .select(['version', 'saved_at', 'author_account'])
        .where('encounter_id', '=', encounter.id)
        .forUpdate()
        .executeTakeFirst();
      if ((draft?.version ?? 0) !== input.baseVersion) {
        throw new AppError('VERSION_CONFLICT', { version: draft?.version ?? 0 });
      }
      const version = input.baseVersion + 1;
      const values = {
        content: JSON.stringify(input.content),
        author_account: accountOf(actor),
        saved_at: unit.now,
        version,
      };
      await unit.tx
        .insertInto('note_draft')
        .values({ encounter_id: encounter.id, ...values })
        .onConflict((conflict) => conflict.column('encounter_id').doUpdateSet(values))
        .execute();
      const newSession = draft === undefined || unit.now.getTime() - draft.saved_at.getTime() > SESSION_GAP_MS;
      if (newSession || draft.author_account !== accountOf(actor)) {
        unit.audit({
          action: 'note:write',
          entityKind: 'Encounter',
          entityId: encounter.id,
          patientId: encounter.patientId,
          details: { version },
        });
      }
      return { version, savedAt: unit.now.toISOString() };
    },
  );
