import type { DeviceStatus } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { SYSTEM } from '../../domain/Actor.ts';
import { topic } from '../../domain/topics.ts';
import { DeviceId } from '@cloud-hospital/protocol';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';

/** A terminal nobody heard of for this long is offline. Seconds. */
const SILENT_SECONDS = 15;

/** What a terminal is that just came back. */
const present = sql<DeviceStatus>`CASE
  WHEN EXISTS (SELECT FROM queue_entry AS entry WHERE entry.device_id = device.id AND entry.state = 'serving') THEN 'in-call'
  WHEN self_test @? '$.* ? (@ == "failed")' THEN 'failing'
  ELSE 'ready' END`;

const announce = (unit: Unit, rows: readonly { id: string; location_id: string; version: number }[]): void => {
  for (const { id, location_id: locationId, version } of rows) {
    unit.emit([topic.district, topic.location(locationId), topic.device(id)], 'device:changed', {
      deviceId: DeviceId.parse(id),
      version,
    });
  }
};

/**
 * These terminals hold a socket right now. Every replica says so every few seconds for its own; two replicas that both
 * hold one during a move say the same.
 */
export async function noteTerminals({ commands }: Services, deviceIds: readonly string[]): Promise<void> {
  if (deviceIds.length === 0) return;
  await commands.run({ agent: SYSTEM, requestId: 'terminal-presence' }, async (unit) => {
    await unit.tx
      .updateTable('device')
      .set({ last_seen_at: unit.now })
      .where('id', 'in', [...deviceIds])
      .execute();
    const returned = await unit.tx
      .updateTable('device')
      .set((eb) => ({ status: present, version: eb('version', '+', 1) }))
      .where('id', 'in', [...deviceIds])
      .where('status', '=', 'offline')
      .returning(['id', 'location_id', 'version'])
      .execute();
    announce(unit, returned);
  });
}

/** Turns terminals offline that no replica holds any more. */
export async function noteSilentTerminals({ commands }: Services): Promise<void> {
  await commands.run({ agent: SYSTEM, requestId: 'terminal-presence' }, async (unit) => {
    const gone = await unit.tx
      .updateTable('device')
      .set((eb) => ({ status: 'offline', version: eb('version', '+', 1) }))
      .where('status', 'in', ['ready', 'failing', 'in-call'])
      .where((eb) =>
        eb.or([
          eb('last_seen_at', 'is', null),
          eb('last_seen_at', '<', sql<Date>`now() - make_interval(secs => ${SILENT_SECONDS})`),
        ]),
      )
      .returning(['id', 'location_id', 'version'])
      .execute();
    announce(unit, gone);
  });
}
