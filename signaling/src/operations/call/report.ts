import { type EncounterId, PeerId } from '@cloud-hospital/protocol';
import type { CallSample, CallStep } from '@cloud-hospital/protocol/socket';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { newSampleRow, newStepRow } from '../../store/callRecord.view.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { takesPartByPhone } from '../../store/family.ts';
import { participantTopics } from '../../store/participantTopics.ts';
import { hiddenError, runVisible } from '../denied.ts';

export interface CallReport {
  readonly encounterId: EncounterId;
  readonly samples: readonly CallSample[];
  readonly steps: readonly CallStep[];
}

/** What was kept through a lost socket still comes in so long after the end; milliseconds. */
const LATE_MS = 3_600_000;
/** Clocks of browsers are corrected by the server's and still not quite the same; milliseconds. */
const AHEAD_MS = 60_000;

/**
 * Keeps what a participant's browser says about its own call. Telemetry, not part of the chart: it is audited when
 * it is read. What is known already, or can't be true, is dropped.
 * @throws AppError NOT_FOUND for a visit in whose room the actor never was, and for one that is long over
 */
export const reportCall = (services: Services, context: ActorContext, report: CallReport): Promise<void> =>
  runVisible(services, context, async (unit) => {
    const { id, since } = await ownPlace(unit, context.agent, report.encounterId);
    const until = unit.now.getTime() + AHEAD_MS;
    const isPlausible = ({ at }: { readonly at: string }): boolean =>
      Date.parse(at) <= until && Date.parse(at) >= since.getTime();
    const samples = report.samples.filter(isPlausible).map((sample) => newSampleRow(id, sample));
    const steps = report.steps.filter(isPlausible).map((step) => newStepRow(id, step));
    const { tx } = unit;
    const newest = report.samples.filter(isPlausible).at(-1);
    if (newest !== undefined) {
      const topics = await participantTopics(tx, report.encounterId, id);
      if (topics.length > 0) {
        unit.emit(topics, 'peer:sampled', {
          encounterId: report.encounterId,
          peerId: id,
          sample: newest,
        });
      }
    }
    await Promise.all([
      samples.length > 0 &&
        tx
          .insertInto('call_sample')
          .values(samples)
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      steps.length > 0 &&
        tx
          .insertInto('call_step')
          .values(steps)
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
    ]);
  });

/** The participant that the actor is, or was until a moment ago, and since when the visit may have had a call. */
async function ownPlace(unit: Unit, agent: Actor, encounterId: string): Promise<{ id: PeerId; since: Date }> {
  const row = await unit.tx
    .selectFrom('encounter')
    .leftJoin('participant', (join) =>
      join
        .onRef('participant.encounter_id', '=', 'encounter.id')
        .on((eb) =>
          agent.role === 'guest'
            ? eb('participant.guest_link_id', '=', agent.guestLinkId)
            : agent.role === 'resident'
              ? eb.and([eb('participant.patient_id', 'is not', null), takesPartByPhone(agent.userId, 'encounter.id')])
              : agent.role === 'specialist'
                ? eb('participant.practitioner_role_id', '=', agent.practitionerRoleId)
                : eb('participant.device_id', '=', agent.deviceId),
        ),
    )
    .select(['participant.id', 'encounter.patient_id', 'encounter.checked_in_at', 'encounter.ended_at'])
    .where('encounter.id', '=', encounterId)
    .executeTakeFirst();
  const isLate =
    row?.ended_at !== null && row?.ended_at !== undefined && unit.now.getTime() - row.ended_at.getTime() > LATE_MS;
  if (row === undefined || row.id === null || row.checked_in_at === null || isLate) {
    throw hiddenError(row !== undefined, {
      action: 'media:use',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId: row?.patient_id ?? null,
    });
  }
  return { id: PeerId.parse(row.id), since: row.checked_in_at };
}
