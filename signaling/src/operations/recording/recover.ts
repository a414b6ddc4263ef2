import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import { keepSegment } from './keepSegment.ts';

/** A recorder adds to its file each second; one that was left alone for so long has nobody. Milliseconds. */
const ABANDONED_MS = 15_000;
/** How long after its end a recording is still looked after. */
const LOOKED_AFTER = '1 hour';

/**
 * Finds segments that nobody told of, because the media node or every replica died: whole ones are kept, and of those in
 * the making what can be read.
 * @returns how many
 */
export async function recoverSegments(services: Services): Promise<number> {
  const recent = await services.db
    .selectFrom('recording')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('stopped_at', 'is', null),
        eb('stopped_at', '>', sql<Date>`now() - ${sql.lit(LOOKED_AFTER)}::interval`),
      ]),
    )
    .execute();
  let kept = 0;
  for (const { id } of recent) kept += (await recoverOf(services, id)).kept;
  return kept;
}

/** The same for one consultation, before its film is made. @returns false while a recorder may still be at a segment */
export async function settleSegments(services: Services, encounterId: string): Promise<boolean> {
  const recordings = await services.db
    .selectFrom('recording')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .execute();
  const open = await Promise.all(recordings.map(({ id }) => recoverOf(services, id)));
  return open.every(({ isSettled }) => isSettled);
}

async function recoverOf(
  services: Services,
  recordingId: string,
): Promise<{ readonly kept: number; readonly isSettled: boolean }> {
  const [found, rows] = await Promise.all([
    services.recordings.list(recordingId),
    services.db.selectFrom('recording_segment').select('id').where('recording_id', '=', recordingId).execute(),
  ]);
  const known = new Set(rows.map(({ id }) => id));
  let kept = 0;
  let isSettled = true;
  for (const { segmentId, isPart, changedAt } of found) {
    if (known.has(segmentId)) continue;
    const isAbandoned = Date.now() - changedAt > ABANDONED_MS;
    // Its recorder is at it, or another replica.
    if (isPart && !(isAbandoned && (await services.recordings.claimPart(recordingId, segmentId)))) {
      isSettled = false;
      continue;
    }
    // One that is whole may have been claimed by a replica that then died: its end may be missing, too.
    const state = isPart ? 'part' : isAbandoned ? 'maybe-torn' : 'whole';
    if (await keepSegment(services, recordingId, segmentId, state)) kept += 1;
    if (isPart) services.log.warn({ recordingId, segmentId }, 'segment of a lost recorder kept as far as it goes');
  }
  return { kept, isSettled };
}
