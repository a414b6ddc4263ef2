import { AppError, type EncounterId, RecordingOpeningId } from '@cloud-hospital/protocol';
import type { RecordingOpening } from '@cloud-hospital/protocol/rest';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';

const ACTION = 'recording:read';
/** A session that opened it may go on reading for so long; then it is opened, and audited, anew. */
const OPEN_FOR_MS = 12 * 3_600_000;

/** Somebody is going to watch it: each opening leaves exactly one trace. @throws AppError NOT_FOUND */
export const openRecording = (
  services: Services,
  context: ActorContext,
  { encounterId }: { readonly encounterId: EncounterId },
): Promise<RecordingOpening> =>
  runVisible(services, context, async (unit) => {
    const { patientId } = await assertVisibleEncounter(unit, context.agent, ACTION, encounterId);
    const composed = await unit.tx
      .selectFrom('recording_composition')
      .select('sha256')
      .where('encounter_id', '=', encounterId)
      .where('status', '=', 'composed')
      .executeTakeFirst();
    if (composed === undefined) throw new AppError('NOT_FOUND');
    const { id } = await unit.tx
      .insertInto('recording_opening')
      .values({ encounter_id: encounterId, session_id: context.agent.sessionId })
      .returning('id')
      .executeTakeFirstOrThrow();
    unit.audit({
      action: 'recording:open',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId,
      details: { openingId: id, sha256: composed.sha256 },
    });
    return { openingId: RecordingOpeningId.parse(id) };
  });

export interface Film {
  readonly bytes: number;
  /** From this byte on. */
  content(start: number): AsyncIterable<Buffer>;
}

/** What this very session opened, as long as it may see it. @throws AppError NOT_FOUND */
export async function readFilm(services: Services, actor: Actor, openingId: string): Promise<Film> {
  const row = await services.db
    .selectFrom('recording_opening')
    .innerJoin('recording_composition', 'recording_composition.encounter_id', 'recording_opening.encounter_id')
    .select([
      'recording_opening.encounter_id',
      'recording_opening.opened_at',
      'recording_composition.file_id',
      'recording_composition.head',
      'recording_composition.received_bytes',
      'recording_composition.stored_bytes',
    ])
    .where('recording_opening.id', '=', openingId)
    .where('recording_opening.session_id', '=', actor.sessionId)
    .where('recording_composition.status', '=', 'composed')
    .executeTakeFirst();
  if (row === undefined || Date.now() - row.opened_at.getTime() > OPEN_FOR_MS) throw new AppError('NOT_FOUND');
  const { file_id: fileId, head } = row;
  if (fileId === null || head === null) throw new AppError('NOT_FOUND');
  // Whoever lost the visit meanwhile, to a colleague say, sees no more of it.
  await services.commands.run({ agent: actor, requestId: openingId }, (unit) =>
    assertVisibleEncounter(unit, actor, ACTION, row.encounter_id),
  );
  const files = services.recordings.of(fileId);
  return {
    bytes: head.length + Number(row.received_bytes),
    async *content(start) {
      if (start < head.length) yield head.subarray(start);
      yield* files.readFrom(fileId, Number(row.stored_bytes), Math.max(0, start - head.length));
    },
  };
}
