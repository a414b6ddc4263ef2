import { AppError } from '@cloud-hospital/protocol';
import { Consent, type ConsentInput } from '@cloud-hospital/protocol/rest';
import { canTransition, CONSENT_TRANSITIONS } from '@cloud-hospital/protocol/states';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { consentView } from '../../store/encounter.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { touchEncounter } from '../encounter/changeEncounter.ts';
import { lockVisibleEncounter } from '../encounter/visibility.ts';
import { endRecording } from '../recording/end.ts';
import { bumpQueue } from '../queue/lockQueue.ts';

type Input = z.infer<typeof ConsentInput>;

export async function decideConsent(unit: Unit, patientId: string, account: string, name: string, input: Input) {
  const active = await unit.tx
    .selectFrom('consent')
    .selectAll()
    .where('encounter_id', '=', input.encounterId)
    .where('purpose', '=', input.purpose)
    .where('status', '=', 'active')
    .forUpdate()
    .executeTakeFirst();
  if (input.decision === 'active' && active !== undefined) return active;
  if (input.decision === 'inactive' || active !== undefined) {
    const from = active?.status ?? 'proposed';
    if (active === undefined || !canTransition(CONSENT_TRANSITIONS, from, input.decision)) {
      throw new AppError('INVALID_TRANSITION', { entity: 'Consent', from, to: input.decision });
    }
    return unit.tx
      .updateTable('consent')
      .set((eb) => ({
        status: input.decision,
        ended_at: unit.now,
        ended_by_name: name,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', active.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }
  return unit.tx
    .insertInto('consent')
    .values({
      encounter_id: input.encounterId,
      patient_id: patientId,
      purpose: input.purpose,
      status: input.decision,
      method: input.method,
      recorded_by_account: account,
      recorded_by_name: name,
      recorded_at: unit.now,
      ended_at: input.decision === 'rejected' ? unit.now : null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Records that the resident consents, refuses or withdraws, each purpose by itself. A withdrawn consultation consent
 * takes "ready" back, a withdrawn recording consent ends the recording.
 * @throws AppError INVALID_TRANSITION, NOT_FOUND
 */
export const recordConsent = (services: Services, context: ActorContext, input: Input): Promise<Consent> =>
  runVisibleOnce(
    services,
    context,
    { action: 'clinic.recordConsent', request: input, response: Consent },
    async (unit) => {
      const actor = context.agent;
      const { queue, encounter } = await lockVisibleEncounter(unit, actor, 'consent:record', input.encounterId);
      if (encounter.status === 'finished' || encounter.status === 'cancelled') {
        throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: encounter.status });
      }
      // Nobody of the clinic witnessed it.
      const given = actor.role === 'resident' ? { ...input, method: 'phone' as const } : input;
      const consent = await decideConsent(unit, encounter.patientId, accountOf(actor), actor.name, given);
      const ends = input.purpose === 'consultation' && consent.status !== 'active';
      await touchEncounter(unit, encounter, ends ? { ready_at: null } : {});
      // Before anything else can be said to be recorded under it.
      if (input.purpose === 'recording' && consent.status !== 'active') {
        await endRecording(unit, encounter.id, 'withdrawn');
      }
      if (input.purpose === 'consultation') await bumpQueue(unit, queue);
      unit.audit({
        action: 'consent:record',
        entityKind: 'Consent',
        entityId: consent.id,
        patientId: encounter.patientId,
        details: { purpose: input.purpose, status: consent.status, encounterId: encounter.id },
      });
      return consentView(consent);
    },
  );
