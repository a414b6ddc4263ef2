import { PeerId } from '@cloud-hospital/protocol';
import type { CallRecord } from '@cloud-hospital/protocol/rest';
import { medianMos } from '../../domain/callQuality.ts';
import { presenceIntervals } from '../../domain/presence.ts';
import type { Services } from '../../Services.ts';
import { toCallSample, toCallStep } from '../../store/callRecord.view.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from './visibility.ts';

/** How the call of a visit went for everybody in it. Reading it is audited. @throws AppError NOT_FOUND */
export const callRecord = (
  services: Services,
  context: ActorContext,
  { encounterId }: { readonly encounterId: string },
): Promise<CallRecord> =>
  runVisible(services, context, async (unit) => {
    const { patientId } = await assertVisibleEncounter(unit, context.agent, 'encounter:read', encounterId);
    const { tx } = unit;
    unit.audit({
      action: 'encounter:read',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId,
      details: { part: 'call' },
    });
    const ofVisit = tx.selectFrom('participant').select('id').where('encounter_id', '=', encounterId);
    const [encounter, participants, events, samples, steps] = await Promise.all([
      tx
        .selectFrom('encounter')
        .select(['started_at', 'ended_at'])
        .where('id', '=', encounterId)
        .executeTakeFirstOrThrow(),
      tx
        .selectFrom('participant')
        .leftJoin('guest_link', 'guest_link.id', 'participant.guest_link_id')
        .select(['participant.id', 'participant.role', 'participant.display_name', 'guest_link.kind as guest'])
        .where('participant.encounter_id', '=', encounterId)
        .orderBy('participant.role')
        .orderBy('participant.id')
        .execute(),
      tx
        .selectFrom('presence_event')
        .select(['participant_id as participantId', 'kind', 'at'])
        .where('encounter_id', '=', encounterId)
        .orderBy('id')
        .execute(),
      tx.selectFrom('call_sample').selectAll().where('participant_id', 'in', ofVisit).orderBy('at').execute(),
      tx.selectFrom('call_step').selectAll().where('participant_id', 'in', ofVisit).orderBy('at').execute(),
    ]);
    return {
      startedAt: encounter.started_at?.toISOString() ?? null,
      endedAt: encounter.ended_at?.toISOString() ?? null,
      sides: participants.map(({ id, role, guest, display_name: name }) => {
        const own = samples.filter((row) => row.participant_id === id).map(toCallSample);
        return {
          peerId: PeerId.parse(id),
          role,
          guest,
          name,
          presence: presenceIntervals(
            events.filter((event) => event.participantId === id),
            encounter.ended_at,
          ),
          medianMos: medianMos(own),
          samples: own,
          steps: steps.filter((row) => row.participant_id === id).map(toCallStep),
        };
      }),
    };
  });
