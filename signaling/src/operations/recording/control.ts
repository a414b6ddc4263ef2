import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import { RecordingMark } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import { accountIdOf } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { lockRunningCall } from '../callPeople/runningCall.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { endRecording } from './end.ts';
import { recordingMark, tellRecording } from './mark.ts';

type Input = { readonly encounterId: EncounterId };

const ACTION = 'recording:control';

/**
 * Begins to record the running call, inside the consent that the terminal took. Pressing twice is pressing once.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION without a running call, CONSENT_REQUIRED
 */
export const startRecording = (services: Services, context: ActorContext, input: Input): Promise<RecordingMark> =>
  runVisibleOnce(
    services,
    context,
    { action: 'recording.start', request: input, response: RecordingMark },
    async (unit) => {
      const { agent } = context;
      const { encounterId } = input;
      const { patientId } = await lockRunningCall(unit, agent, ACTION, encounterId);
      // Locked, so that a withdrawal at the same moment is either seen here or sees what is made here.
      const consent = await unit.tx
        .selectFrom('consent')
        .select('id')
        .where('encounter_id', '=', encounterId)
        .where('purpose', '=', 'recording')
        .where('status', '=', 'active')
        .forUpdate()
        .executeTakeFirst();
      if (consent === undefined) throw new AppError('CONSENT_REQUIRED');
      const running = await recordingMark(unit.tx, encounterId);
      if (running !== null) return running;
      const account = accountIdOf(agent);
      if (account === null) throw new AppError('FORBIDDEN');
      const retainUntil = new Date(unit.now);
      retainUntil.setUTCFullYear(retainUntil.getUTCFullYear() + services.config.RECORDING_RETENTION_YEARS);
      const { id } = await unit.tx
        .insertInto('recording')
        .values({
          encounter_id: encounterId,
          patient_id: patientId,
          consent_id: consent.id,
          started_at: unit.now,
          started_by_account: account,
          started_by_name: agent.name,
          retain_until: retainUntil,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      unit.audit({
        action: 'recording:start',
        entityKind: 'Recording',
        entityId: id,
        patientId,
        details: { encounterId, consentId: consent.id },
      });
      await tellRecording(unit, encounterId);
      return { since: unit.now.toISOString(), trouble: null };
    },
  );

/** Stopping what doesn't run succeeds. @throws AppError NOT_FOUND */
export const stopRecording = (
  services: Services,
  context: ActorContext,
  input: Input,
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'recording.stop', request: input, response: z.object({}) },
    async (unit) => {
      await assertVisibleEncounter(unit, context.agent, ACTION, input.encounterId);
      await endRecording(unit, input.encounterId, 'specialist');
      return {};
    },
  );
