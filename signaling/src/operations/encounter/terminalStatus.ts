import { DeviceId } from '@cloud-hospital/protocol';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { sql } from 'kysely';
import type { DeviceStatus } from '@cloud-hospital/protocol/states';

/**
 * The terminal goes into the call or comes out of it. One that went offline or was revoked meanwhile stays what it is;
 * one whose self-test failed is `failing` again afterwards.
 */
export async function setTerminalInCall(unit: Unit, deviceId: string | null, inCall: boolean): Promise<void> {
  if (deviceId === null) return;
  const to = inCall
    ? sql<DeviceStatus>`'in-call'`
    : sql<DeviceStatus>`CASE WHEN self_test @? '$.* ? (@ == "failed")' THEN 'failing' ELSE 'ready' END`;
  const changed = await unit.tx
    .updateTable('device')
    .set((eb) => ({ status: to, version: eb('version', '+', 1) }))
    .where('id', '=', deviceId)
    .where('status', 'in', inCall ? ['ready', 'failing'] : ['in-call'])
    .returning(['version', 'location_id'])
    .executeTakeFirst();
  if (changed === undefined) return;
  unit.emit([topic.district, topic.location(changed.location_id), topic.device(deviceId)], 'device:changed', {
    deviceId: DeviceId.parse(deviceId),
    version: changed.version,
  });
}
