import { randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import { SYSTEM } from '../../domain/Actor.ts';
import type { MediaNode } from '../../sfu/NodeDirectory.ts';
import { toPin } from '../../store/roomPin.ts';
import type { RoomServices } from '../room/RoomServices.ts';
import { keepGap } from './keepGap.ts';
import { tellRecording } from './mark.ts';

/**
 * Brings one media node in line with what may be recorded now: begins where a room is here and isn't recorded, ends
 * whatever no consent covers any more. Safe to run on several replicas at once.
 */
export async function reconcileRecordings(services: RoomServices, node: MediaNode): Promise<void> {
  const { identity } = node;
  if (identity === undefined) return;
  // The node first, PostgreSQL second: what it records was allowed before, and what was taken back meanwhile is seen.
  const { rooms } = await node.link.request('node:inventory', {});
  const running = await services.db
    .selectFrom('recording')
    .innerJoin('consent', 'consent.id', 'recording.consent_id')
    .innerJoin('room', 'room.encounter_id', 'recording.encounter_id')
    .select([
      'recording.id as recordingId',
      'room.id',
      'room.encounter_id',
      'room.epoch',
      'room.node_id',
      'room.node_incarnation',
    ])
    .where('recording.stopped_at', 'is', null)
    .where('consent.status', '=', 'active')
    .where('room.held_at', 'is', null)
    .execute();
  const allowed = new Set(running.map(({ recordingId }) => recordingId));
  await Promise.all(
    rooms.map(async ({ recordingId }) => {
      if (recordingId === null || allowed.has(recordingId)) return;
      await node.link.request('recording:stop', { recordingId });
    }),
  );
  await Promise.all(
    running.map(async (row) => {
      const { roomId, epoch, encounterId, nodeId, incarnation } = toPin(row);
      if (nodeId !== identity.nodeId || incarnation !== identity.incarnation) return;
      const held = rooms.find((room) => room.roomId === roomId && room.epoch === epoch);
      if (held === undefined || held.recordingId === row.recordingId) return;
      const { recordingId } = row;
      try {
        const key = services.recordings.keyOf(recordingId);
        await node.link.request('recording:start', { roomId, epoch, recordingId, key });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        services.log.error({ err: error, recordingId, nodeId }, 'recording not begun; tried again soon');
        // One row however often it is tried: the call sees that nothing is recorded.
        const gap = { gapId: recordingId, recordingId, peerId: null, reason: 'recorder-failed' } as const;
        await keepGap(services, { ...gap, beganAt: new Date().toISOString(), endedAt: null });
        return;
      }
      await noteBegun(services, recordingId, encounterId, epoch);
    }),
  );
}

/** A room that is recorded somewhere else than before has moved: from then until the first packet here is a gap. */
async function noteBegun(
  { commands }: RoomServices,
  recordingId: string,
  encounterId: string,
  epoch: number,
): Promise<void> {
  await commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
    const before = await unit.tx
      .selectFrom('recording')
      .select('room_epoch')
      .where('id', '=', recordingId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const waited = await unit.tx
      .updateTable('recording_gap')
      .set({ ended_at: unit.now })
      .where('id', '=', recordingId)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    if (waited.numUpdatedRows > 0n) await tellRecording(unit, encounterId);
    if (before.room_epoch === epoch) return;
    await unit.tx.updateTable('recording').set({ room_epoch: epoch }).where('id', '=', recordingId).execute();
    if (before.room_epoch === null) return;
    // The node it was on, which told of these, will not tell of their ends any more.
    await unit.tx
      .updateTable('recording_gap')
      .set({ ended_at: unit.now })
      .where('recording_id', '=', recordingId)
      .where('ended_at', 'is', null)
      .execute();
    await unit.tx
      .insertInto('recording_gap')
      .values({
        id: randomUUID(),
        recording_id: recordingId,
        participant_id: null,
        reason: 'room-moved',
        began_at: unit.now,
        ended_at: unit.now,
      })
      .execute();
    await tellRecording(unit, encounterId);
  });
}
